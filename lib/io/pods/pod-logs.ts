import type { PodListener, PodSource } from '../../pods/api.ts';
import type { PodLogFile } from '../../pods/log-path.ts';
import { ContainerIds } from './container-ids.ts';
import { PodFolder } from './pod-folder.ts';

/** The logs of the pods of this host, and the ids of their containers, for all nodes that use one `docker-engine`. */
export class PodLogs implements PodSource {
  readonly #folder: PodFolder;
  readonly #ids: ContainerIds;

  /** `path`: the folder of the pods' logs. The links with the ids are in the folder `containers` beside it. */
  constructor(path: string) {
    this.#folder = new PodFolder(path);
    this.#ids = new ContainerIds(path.replace(/[^/]+\/*$/, 'containers'));
  }

  get place(): string {
    return this.#folder.path;
  }

  get logs(): PodLogFile[] {
    return this.#folder.logs;
  }

  listen(listener: PodListener): () => void {
    return this.#folder.listen(listener);
  }

  idOf(key: string): string | undefined {
    return this.#ids.idOf(key);
  }

  onId(listener: (key: string, id: string) => void): () => void {
    return this.#ids.listen(listener);
  }

  close(): void {
    this.#folder.close();
    this.#ids.close();
  }
}
