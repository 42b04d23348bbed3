import type { ContainerIdentity } from '../../../lib/docker/identity.ts';
import { nanosOfMs } from '../../../lib/docker/saved-time.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import { findOwnPodContainer } from '../../../lib/io/own-container.ts';
import type { LostState } from '../../../lib/io/state-file.ts';
import type { PodSource } from '../../../lib/pods/api.ts';
import { podIdentity } from '../../../lib/pods/identity.ts';
import { keyBefore, type PodLogFile } from '../../../lib/pods/log-path.ts';
import { podTemplates } from '../line/log-record.ts';
import { LogPositions, type LogState } from '../log-state.ts';
import type { LogFollowerOptions } from './log-follower.ts';
import { PodLog } from './pod-log.ts';

export interface PodLogFollowerOptions extends Omit<LogFollowerOptions, 'client' | 'quietMs'> {
  readonly pods: PodSource;
}

const SAVE_MS = 500;
/** Quiet logs are closed, and those that are gone are finished, so often, in ms. */
const TEND_MS = 5_000;
const GONE_MS = 250;
/** How long the lines of a new log wait for the link that names the container's id, in ms. */
const NAME_MS = 1_000;

/** Follows the logs of all chosen containers of a Kubernetes node in their files, from its construction until it is stopped. */
export class PodLogFollower {
  readonly #options: PodLogFollowerOptions;
  readonly #positions: LogPositions;
  readonly #logs = new Map<string, { readonly file: PodLogFile; readonly log: PodLog }>();
  readonly #gone = new Set<string>();
  readonly #checkpoint: Checkpoint<LogState>;
  readonly #isChosen: (container: ContainerIdentity) => boolean;
  readonly #first: string;
  /** Whether this node never read a log before, and only what comes from now on is wanted. */
  readonly #skipsOld: boolean;
  #ends: (() => void)[] = [];
  readonly #timers: NodeJS.Timeout[];
  readonly #names = new Map<string, NodeJS.Timeout>();
  /** The container that this process runs in: a node that followed its own log would never come to an end. */
  #own: string | undefined;
  #isStopped = false;
  #isWhole = false;
  #isPaused = false;
  #isTending = false;

  constructor(options: PodLogFollowerOptions) {
    this.#options = options;
    const { state, fromStart, delayMs, pods } = options;
    let lost: LostState | undefined;
    const saved = state.read((found) => {
      lost = found;
    });
    if (lost !== undefined) options.spoilt?.(lost.error);
    const since = lost === undefined ? Date.now() : lost.sinceMs;
    this.#first = saved?.first ?? (fromStart ? '0' : nanosOfMs(since));
    this.#skipsOld = saved === undefined && lost === undefined && !fromStart;
    this.#positions = new LogPositions(saved?.positions, delayMs);
    this.#isChosen = options.filter(undefined);
    this.#checkpoint = new Checkpoint({
      file: state,
      snapshot: () => ({ first: this.#first, positions: this.#positions.safePositions(performance.now()) }),
      everyMs: SAVE_MS,
      isSettled: () => !this.#positions.hasUnsafe,
      onFault: options.unsaved,
    });
    this.#timers = [
      setInterval(() => this.#tend(), TEND_MS),
      setInterval(() => void this.#finishGone(), GONE_MS),
      setInterval(() => this.#tell(), SAVE_MS),
    ];
    void this.#begin(pods);
  }

  async #begin(pods: PodSource): Promise<void> {
    this.#own = await findOwnPodContainer();
    if (this.#isStopped) return;
    const { lost } = this.#options;
    this.#ends = [
      pods.listen({
        found: (file) => this.#found(file),
        changed: (key) => this.#logs.get(key)?.log.changed(),
        gone: (key) => this.#gone.add(key),
        whole: () => this.#whole(),
        failed: (error) => lost(error),
      }),
      pods.onId((key) => this.#named(key)),
    ];
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    for (const { log } of this.#logs.values()) log.pause(isPaused);
  }

  /** Resolves once the positions are written. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const end of this.#ends) end();
    for (const timer of [...this.#timers, ...this.#names.values()]) clearInterval(timer);
    await Promise.all([...this.#logs.values()].map(({ log }) => log.stop()));
    await this.#checkpoint.close();
  }

  #found(file: PodLogFile): void {
    const { key } = file;
    this.#gone.delete(key);
    this.#logs.get(keyBefore(file))?.log.ended();
    const id = this.#options.pods.idOf(key);
    const container = podIdentity(file, id);
    if (this.#logs.has(key) || `${file.uid}/${file.container}` === this.#own || !this.#isChosen(container)) return;
    const options = { ...this.#options, ...this.#options.optionsOf?.(container) };
    const log = new PodLog({
      ...options,
      handOn: (messages) => {
        this.#checkpoint.arm();
        return options.handOn(messages);
      },
      log: file,
      templates: podTemplates(file, id, options.host),
      progress: this.#positions.progressOf(key),
      first: this.#first,
      isOld: this.#skipsOld && !this.#isWhole,
      isPaused: this.#isPaused,
      unreadable: (error) => options.notice('unreadable', container, error),
      lost: () => options.notice('missed', container, new MonitoringError('LOG_STREAM_BROKEN')),
      slowPattern: () => options.notice('slowPattern', container, ''),
      foreign: () => options.notice('unreadable', container, new MonitoringError('LOG_STAMP_MISSING')),
    });
    this.#logs.set(key, { file, log });
    this.#checkpoint.arm();
    if (id !== undefined) log.release();
    else
      this.#names.set(
        key,
        setTimeout(() => this.#release(key), NAME_MS),
      );
  }

  /** The id of the container is known now. */
  #named(key: string): void {
    const found = this.#logs.get(key);
    if (found === undefined) return;
    found.log.use(podTemplates(found.file, this.#options.pods.idOf(key), this.#options.host));
    this.#release(key);
  }

  #release(key: string): void {
    clearTimeout(this.#names.get(key));
    this.#names.delete(key);
    this.#logs.get(key)?.log.release();
  }

  #whole(): void {
    this.#isWhole = true;
    for (const key of this.#positions.ids) if (!this.#logs.has(key)) this.#positions.forget(key);
    this.#tell();
  }

  #tell(): void {
    if (this.#isWhole) this.#options.following(this.#logs.size);
  }

  #tend(): void {
    const nowMs = performance.now();
    for (const { log } of this.#logs.values()) log.closeWhereQuiet(nowMs);
  }

  /** Ends what is gone once it was read to its end. */
  async #finishGone(): Promise<void> {
    if (this.#isTending) return;
    this.#isTending = true;
    for (const key of [...this.#gone]) {
      const found = this.#logs.get(key);
      if (found !== undefined && !(await found.log.isDrained())) continue;
      if (!this.#gone.delete(key)) continue;
      this.#logs.delete(key);
      await found?.log.finish();
      await found?.log.stop();
      this.#positions.forget(key);
    }
    this.#isTending = false;
  }
}
