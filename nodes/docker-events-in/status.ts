import { lossState, lossStatus, podLossStatus } from '../../lib/docker/loss.ts';
import type { StatusReporter, Translate } from '../../lib/status.ts';
import { EventCount } from './event-count.ts';

export interface EventStatusOptions {
  readonly reporter: Pick<StatusReporter, 'report'>;
  /** Where the engine is, or the folder of pods' logs. */
  readonly place: string;
  readonly isPods: boolean;
  /** An IANA name. */
  readonly zone: string;
  /** Whether an earlier run has reached it. */
  readonly hadEngine: boolean;
  /** The folder that is asked for and that no container has. */
  emptyFolder(): string | undefined;
  /** Why an engine is away, for people. */
  explain(error: unknown): string;
  /** `RED._`. */
  readonly translate: Translate;
}

/** Keeps the status under the node as things are. */
export class EventStatus {
  readonly #options: EventStatusOptions;
  readonly #count: EventCount;
  #hadEngine: boolean;
  #isConnected = false;

  constructor(options: EventStatusOptions) {
    this.#options = options;
    this.#count = new EventCount(options.zone);
    this.#hadEngine = options.hadEngine;
    options.reporter.report('busy', 'status.connecting', { place: options.place });
  }

  connected(): void {
    this.#isConnected = true;
    this.#hadEngine = true;
    this.#showConnected();
  }

  /** An event was told. `nowMs`: in ms since the epoch. */
  told(nowMs: number): void {
    this.#count.add(nowMs);
    if (this.#isConnected) this.#showConnected();
  }

  lost(error: unknown): void {
    const { reporter, place, isPods, explain, translate } = this.#options;
    const status = isPods ? podLossStatus : lossStatus;
    const words = status(error, { place, reason: explain(error), translate });
    reporter.report(lossState(error, this.#hadEngine), ...words, 'lost');
    this.#isConnected = false;
  }

  #showConnected(): void {
    const { reporter, place, isPods, emptyFolder } = this.#options;
    const folder = emptyFolder();
    if (folder === undefined) reporter.report('ok', ...this.#count.status(place, isPods));
    else reporter.report('ok', 'status.emptyFolder', { folder });
  }
}
