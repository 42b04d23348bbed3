import { Poll } from '../../../lib/io/poll.ts';
import { phaseOf } from '../../../lib/phase.ts';
import type { StaticFields } from '../../../lib/static-fields.ts';
import { heartbeat } from '../heartbeat.ts';
import type { Delivery } from './ship/delivery.ts';

export interface HeartbeatOptions {
  readonly delivery: Delivery;
  readonly host: string;
  readonly staticFields: StaticFields;
  readonly packageVersion: string;
  readonly nodeRedVersion: string;
}

const HEARTBEAT_MS = 60_000;

/** Sends a heartbeat record over a delivery once a minute, in the phase of its host, until it is closed. */
export class Heartbeats {
  readonly #options: HeartbeatOptions;
  readonly #poll: Poll;
  /** A steady clock's time of the start; a config node starts with the flows. */
  readonly #startedMs = performance.now();
  #droppedBefore: number;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#droppedBefore = options.delivery.counters.dropped;
    this.#poll = new Poll(HEARTBEAT_MS, async () => this.#send());
    this.#poll.start(phaseOf(options.host, HEARTBEAT_MS));
  }

  close(): void {
    this.#poll.stop();
  }

  #send(): void {
    const { delivery, host, staticFields, packageVersion, nodeRedVersion } = this.#options;
    const { counters, summary } = delivery;
    const newlyDropped = counters.dropped - this.#droppedBefore;
    this.#droppedBefore = counters.dropped;
    const { buffered, lagMs } = summary;
    const uptimeMs = performance.now() - this.#startedMs;
    const health = { ...counters, buffered, lagMs, uptimeMs, packageVersion, nodeRedVersion, newlyDropped };
    delivery.shipFields(heartbeat(health, host, Date.now(), staticFields), undefined, () => undefined);
  }
}
