import { StateFile } from '../../../lib/io/state-file.ts';
import { parseSavedAlert, type SavedAlert } from '../saved.ts';

/** What the `alert` nodes of this Node-RED keep over a Deploy or a restart: in files, and in memory what no file could take. */
export class AlertStates {
  readonly #userDir: string;
  readonly #unkept = new Map<string, SavedAlert>();

  constructor(userDir: string) {
    this.#userDir = userDir;
  }

  fileOf(id: string): StateFile<SavedAlert> {
    return new StateFile(this.#userDir, `alert-${id.replaceAll(/[^\w.-]/g, '_')}`, parseSavedAlert);
  }

  /** What was kept last. `onLost` hears why a file cannot be used. */
  take(id: string, onLost: (error: unknown) => void): SavedAlert | undefined {
    const inFile = this.fileOf(id).read(({ error }) => onLost(error));
    const inMemory = this.#unkept.get(id);
    this.#unkept.delete(id);
    if (inFile === undefined || inMemory === undefined) return inFile ?? inMemory;
    return inMemory.savedMs > inFile.savedMs ? inMemory : inFile;
  }

  /** `state` is undefined where the file has it. */
  put(id: string, state: SavedAlert | undefined): void {
    if (state !== undefined) this.#unkept.set(id, state);
  }

  /** The node is gone for good. */
  async remove(id: string, file: StateFile<SavedAlert>): Promise<void> {
    this.#unkept.delete(id);
    await file.remove();
  }
}
