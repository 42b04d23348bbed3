import { ask, type Bus, hear } from './bus.ts';
import type { Fields } from './rules/compile.ts';

/** The records of the last hour that this Node-RED shipped, for what looks back: `plugins/monitoring-page` keeps them. */

/** A record as it was shipped: numbers and texts under the names of a payload, with the static fields. */
export interface RingRecord {
  readonly record: Fields;
  /** The id of the `graylog-out`. */
  readonly node: string;
  /** When it was shipped, in ms since 1970. */
  readonly shippedMs: number;
}

/**
 * Keeps a GELF document, which is not read; as bytes as many as there are `lengths`, which are their own, each followed by a NUL. `logType`, `stream` and `container` are those of the record, whatever they are: a source of
 * many records pushes out its own.
 */
export type KeepRecords = (
  documents: string | Uint8Array,
  logType: unknown,
  stream: unknown,
  container: unknown,
  lengths?: readonly number[],
) => void;

export interface Ring {
  /** Since when records are kept, in ms since 1970: at most an hour ago. Of a busy source they may go back less far. */
  readonly sinceMs: number;
  /** How many records are kept. */
  readonly size: number;
  /**
   * The kept records, or the last `most` of them, the oldest first. Each is read from its document when it is asked for,
   * which takes some microseconds: whoever goes through all lets others run between. One that came twice is given once.
   */
  records(most?: number): Iterable<RingRecord>;
  /** A function that keeps what the `graylog-out` of this id ships. */
  keeperFor(node: string): KeepRecords;
}

/** The ring of this Node-RED; undefined where nobody keeps one. `bus` is `RED.events`. */
export function ringOn(bus: Bus): Ring | undefined {
  let found: Ring | undefined;
  const leave = hear(bus, 'infra-monitoring:ring', ({ ring }) => {
    found ??= ring;
  });
  ask(bus, 'infra-monitoring:ring');
  leave();
  return found;
}

/** Where a `graylog-out` puts what it ships, for as long as there is a ring. */
export class RingInput {
  /** Undefined where nobody keeps records. */
  keep: KeepRecords | undefined;
  readonly #leave: () => void;

  /** `bus` is `RED.events`; `node` the id of the `graylog-out`. */
  constructor(bus: Bus, node: string) {
    this.#leave = hear(bus, 'infra-monitoring:ring', ({ ring }) => {
      this.keep = ring?.keeperFor(node);
    });
    ask(bus, 'infra-monitoring:ring');
  }

  close(): void {
    this.#leave();
    this.keep = undefined;
  }
}
