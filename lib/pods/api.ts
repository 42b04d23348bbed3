import type { Pod, PodLogFile } from './log-path.ts';

/** Hears what is in the folder of pods' logs. */
export interface PodListener {
  /** A log is there. It may be told before the folder was read whole. */
  found(log: PodLogFile): void;
  /** A log, or what rotation made of it, was changed. */
  changed?(key: string): void;
  /** No log of this name is left. */
  gone?(key: string): void;
  /** A pod's folder is gone, after its logs. */
  podGone?(pod: Pod): void;
  /** Everything that was there at the beginning was told. */
  whole(): void;
  /** The folder cannot be read. */
  failed(error: unknown): void;
}

/** The logs of the pods of a Kubernetes node, as a `docker-engine` node offers them. */
export interface PodSource {
  /** The folder in words, for a status. */
  readonly place: string;
  /** The logs that are known now. */
  readonly logs: readonly PodLogFile[];
  /** Tells what is there, and what changes, until what it gives is called. */
  listen(listener: PodListener): () => void;
  /** The full id of the container of a log; undefined where it is not known. */
  idOf(key: string): string | undefined;
  /** Hears of each id that becomes known, until what it gives is called. */
  onId(listener: (key: string, id: string) => void): () => void;
}
