import type { Bus } from '../../lib/bus.ts';
import { listenTogether } from '../../lib/shared-listener.ts';
import { membersOf } from './judge/judge.ts';
import type { PastRecord } from './try-rule.ts';

/** The records of the last hour, as far as they are kept. */
export interface PastRecords {
  readonly sinceMs: number;
  records(): Iterable<PastRecord>;
}

const NAME = 'infra-monitoring:ring';

/** Asks over the bus who keeps the records of the last hour; undefined where nobody does. */
export function findRecords(bus: Bus): PastRecords | undefined {
  let found: PastRecords | undefined;
  const leave = listenTogether(bus, NAME, (value) => {
    const { ring } = membersOf(value);
    const { sinceMs, records } = membersOf(ring);
    if (typeof sinceMs === 'number' && typeof records === 'function') found ??= ring as PastRecords;
  });
  bus.emit(`${NAME}?`);
  leave();
  return found;
}
