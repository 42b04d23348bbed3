import { stat } from 'node:fs/promises';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import type { LostState, StateFile } from '../../../lib/io/state-file.ts';
import type { PodSource } from '../../../lib/pods/api.ts';
import { type Pod, type PodLogFile, parsePodFolder } from '../../../lib/pods/log-path.ts';
import { SerialQueue } from '../../../lib/serial-queue.ts';
import type { PodEvent, PodEventTime } from '../pod-event.ts';
import type { PodEventState } from '../pod-state.ts';

export interface PodEventFollowerOptions {
  readonly pods: PodSource;
  readonly state: StateFile<PodEventState>;
  tell(event: PodEvent, time: PodEventTime): void;
  /** The folder was read. */
  connected(): void;
  lost(error: unknown): void;
  unsaved(error: unknown): void;
  spoilt(error: unknown): void;
}

const SAVE_MS = 500;

/** Tells which containers of pods were started and which pods are gone, from its construction until it is stopped. */
export class PodEventFollower {
  readonly #options: PodEventFollowerOptions;
  readonly #checkpoint: Checkpoint<PodEventState>;
  readonly #queue = new SerialQueue();
  readonly #end: () => void;
  /** The keys of the logs that were told of. */
  readonly #known: Set<string>;
  /** Whether this node looked before: only then what is there at its start was not told of. */
  readonly #hasLooked: boolean;
  #here = new Set<string>();
  #isWhole = false;
  #isStopped = false;

  constructor(options: PodEventFollowerOptions) {
    this.#options = options;
    let lost: LostState | undefined;
    const saved = options.state.read((found) => {
      lost = found;
    });
    if (lost !== undefined) options.spoilt(lost.error);
    this.#known = new Set(saved?.logs);
    this.#hasLooked = saved !== undefined || lost !== undefined;
    this.#checkpoint = new Checkpoint({
      file: options.state,
      snapshot: () => (this.#isWhole ? { logs: [...this.#known].sort() } : undefined),
      everyMs: SAVE_MS,
      onFault: options.unsaved,
    });
    this.#end = options.pods.listen({
      found: (log) => this.#found(log),
      gone: (key) => this.#here.delete(key),
      podGone: (pod) => this.#podGone(pod, false),
      whole: () => this.#whole(),
      failed: options.lost,
    });
  }

  /** Resolves once the state is written. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#end();
    await this.#queue.idle;
    await this.#checkpoint.close();
  }

  #found(log: PodLogFile): void {
    this.#here.add(log.key);
    if (this.#known.has(log.key)) return;
    this.#known.add(log.key);
    const isOld = !this.#isWhole;
    if (!isOld || this.#hasLooked) void this.#queue.run(() => this.#tellStart(log, isOld));
  }

  async #tellStart(log: PodLogFile, isFound: boolean): Promise<void> {
    const made = await stat(log.path).catch(() => undefined);
    if (this.#isStopped) return;
    const atMs = isFound && made !== undefined && made.birthtimeMs > 0 ? made.birthtimeMs : Date.now();
    const { pods, tell } = this.#options;
    tell({ action: 'start', log, id: pods.idOf(log.key) }, { atMs, isFound });
  }

  #podGone(pod: Pod, isFound: boolean): void {
    const start = `${pod.namespace}_${pod.pod}_${pod.uid}/`;
    for (const key of this.#known) if (key.startsWith(start)) this.#known.delete(key);
    void this.#queue.run(async () => {
      if (!this.#isStopped) this.#options.tell({ action: 'destroy', pod }, { atMs: Date.now(), isFound });
    });
  }

  #whole(): void {
    this.#isWhole = true;
    const folderOf = (key: string): string => key.split('/', 1)[0] ?? '';
    const here = new Set([...this.#here].map(folderOf));
    for (const folder of new Set([...this.#known].map(folderOf))) {
      const pod = parsePodFolder(folder);
      if (pod !== undefined && !here.has(folder)) this.#podGone(pod, true);
    }
    this.#options.connected();
  }
}
