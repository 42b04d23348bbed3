import type { StateFile } from '../../../lib/io/state-file.ts';
import { wait } from '../../../lib/io/wait.ts';
import type { AlertCore } from '../core.ts';
import type { SavedAlert } from '../saved.ts';
import type { AlertMsg } from '../say/alert-record.ts';

export interface KeeperOptions {
  readonly core: AlertCore;
  readonly file: Pick<StateFile<SavedAlert>, 'writeInSlices'>;
  send(msg: AlertMsg): void;
  /** Hears why the state cannot be kept: once, until it was kept again. */
  onFault(error: unknown): void;
  /** Ms since the epoch. */
  now(): number;
  /** Ms by a clock that nobody sets. */
  steadyMs?(): number;
}

/** What no message depends on is kept so often at most, in ms: an SD card lives longer. */
const KEEP_MS = 10_000;
/** What only says that all is as it was is kept so often at most, in ms: what is read again after a crash was written before. */
const AGED_MS = 600_000;
/** States that change without a message, as those of a flood do, are kept so often at most, in ms. */
const URGENT_MS = 500;
/** A message waits no longer for a disk that does not answer, in ms. */
const DISK_MS = 2_000;

/**
 * Keeps what an alert knows before a message about it leaves: after a crash it neither rings again nor forgets. What cannot be
 * kept leaves all the same.
 */
export class AlertKeeper {
  readonly #options: KeeperOptions;
  readonly #steadyMs: () => number;
  readonly #closing = new AbortController();
  #queue: AlertMsg[] = [];
  #isStarted = false;
  #isBusy = false;
  #isFaulty = false;
  #keptMs = Number.NEGATIVE_INFINITY;
  #work: Promise<void> = Promise.resolve();
  /** A write that the disk has not answered yet. */
  #writing: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#steadyMs = options.steadyMs ?? (() => performance.now());
  }

  /** From now on messages leave: the nodes that they go to exist. */
  start(): void {
    this.#isStarted = true;
    this.settle();
  }

  /** To be called after everything that the core was told. */
  settle(): void {
    const { core } = this.#options;
    this.#queue.push(...core.takeReady());
    if (!this.#isStarted || this.#isBusy) return;
    if (this.#queue.length === 0 && !this.#isDue) return;
    this.#isBusy = true;
    this.#work = this.#run();
  }

  /** Resolves once all that the core was told before is kept, or cannot be. */
  async kept(): Promise<void> {
    this.settle();
    // What is being written may be older.
    await this.#writing;
    if (this.#options.core.isDirty || this.#options.core.isUrgent) await this.#keep();
  }

  /**
   * Keeps what there is, lets go of what waits, and ends. Takes no longer than a disk may take to answer. Gives whether all is
   * kept.
   */
  async close(): Promise<boolean> {
    this.#queue.push(...this.#options.core.takeReady());
    this.#closing.abort();
    await this.#work;
    await this.#keep();
    this.#sendAll();
    return !this.#isFaulty && this.#writing === undefined;
  }

  get #isDue(): boolean {
    const { core } = this.#options;
    const passedMs = this.#steadyMs() - this.#keptMs;
    if (core.isUrgent) return passedMs >= URGENT_MS;
    return (core.isDirty && passedMs >= KEEP_MS) || (core.isAged && passedMs >= AGED_MS);
  }

  async #run(): Promise<void> {
    const { core } = this.#options;
    do {
      const count = this.#queue.length;
      await this.#keep();
      for (const msg of this.#queue.splice(0, count)) this.#send(msg);
      this.#queue.push(...core.takeReady());
    } while (!this.#closing.signal.aborted && this.#queue.length > 0);
    this.#isBusy = false;
  }

  #sendAll(): void {
    for (const msg of this.#queue.splice(0)) this.#send(msg);
  }

  #send(msg: AlertMsg): void {
    try {
      this.#options.send(msg);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  /** Resolves once the state is kept, or cannot be. */
  async #keep(): Promise<void> {
    const { core, file, now } = this.#options;
    if (this.#writing !== undefined) return;
    this.#keptMs = this.#steadyMs();
    this.#writing = file
      .writeInSlices(core.save(now()))
      .then(
        () => {
          this.#isFaulty = false;
        },
        (error) => this.#fail(error),
      )
      .finally(() => {
        this.#writing = undefined;
      });
    const deadline = new AbortController();
    await Promise.race([this.#writing, wait(DISK_MS, deadline.signal)]);
    deadline.abort();
  }

  #fail(error: unknown): void {
    if (!this.#isFaulty) this.#options.onFault(error);
    this.#isFaulty = true;
  }
}
