import { type Bus, say, whenAsked } from '../../../lib/bus.ts';
import { RecordRing } from '../ring/record-ring.ts';

const EXPIRE_MS = 60_000;

/** Keeps the records that are shipped from now on, and answers who asks for them, until it is closed. `bus` is `RED.events`. */
export class RecordKeeper {
  readonly ring: RecordRing = new RecordRing(Date.now);
  readonly #bus: Bus;
  readonly #leave: (() => void)[];

  constructor(bus: Bus) {
    this.#bus = bus;
    const { ring } = this;
    const timer = setInterval(() => ring.expire(), EXPIRE_MS).unref();
    const tell = (): void => say(bus, 'infra-monitoring:ring', { ring });
    this.#leave = [() => clearInterval(timer), whenAsked(bus, 'infra-monitoring:ring', tell)];
    tell();
  }

  close(): void {
    for (const leave of this.#leave) leave();
    say(this.#bus, 'infra-monitoring:ring', { ring: undefined });
  }
}
