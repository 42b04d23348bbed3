import { clockText } from '../../lib/moment.ts';
import type { Arguments } from '../../lib/status.ts';

/** How many events were told since the start, and when the last one was. */
export class EventCount {
  readonly #clock: (timeMs: number) => string;
  #count = 0;
  #lastMs = 0;

  /** `zone` is an IANA name. */
  constructor(zone: string) {
    this.#clock = clockText(zone);
  }

  add(nowMs: number): void {
    this.#count += 1;
    this.#lastMs = nowMs;
  }

  /** What stands under a node that is connected to the engine at `place`, or reads the folder of pods' logs there. */
  status(place: string, isPods = false): [key: string, args: Arguments] {
    if (this.#count === 0) return [isPods ? 'status.pods' : 'status.connected', { place }];
    const args = { place, count: this.#count, time: this.#clock(this.#lastMs) };
    if (isPods) return [this.#count === 1 ? 'status.onePodEvent' : 'status.podEvents', args];
    return [this.#count === 1 ? 'status.oneEvent' : 'status.events', args];
  }
}
