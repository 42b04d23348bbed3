import type { Service, Target } from './services/service.ts';
import { cut } from './text/clean.ts';
import { type Entry, isEnd, type Speech } from './text/entry.ts';
import { type Away, type Message, messageOf } from './text/message.ts';

/** A message, and how many of the entries are told by it, from the first that is left. */
export interface Packed {
  readonly message: Message;
  readonly entries: readonly Entry[];
}

/**
 * The next message that the service takes, out of entries in the order in which they shall be told. `left` is how many more
 * messages may follow: the last one counts what it has no room for, which is told with that.
 */
export function packNext(
  entries: readonly Entry[],
  service: Service,
  target: Target,
  speech: Speech,
  left: number,
  away?: Away,
): Packed {
  const isLast = left <= 1;
  const make = (count: number): Message => {
    const more = isLast ? entries.length - count : 0;
    return messageOf(entries.slice(0, count), more, speech, away);
  };
  const count = mostThat((many) => service.fits(make(many), target), Math.min(entries.length, service.most(target)));
  if (count > 0) return { message: make(count), entries: isLast ? entries : entries.slice(0, count) };
  const [first, ...rest] = entries as readonly [Entry, ...Entry[]];
  const short = shortened(first, (entry) =>
    service.fits(messageOf([entry], isLast ? rest.length : 0, speech, away), target),
  );
  return {
    message: messageOf([short], isLast ? rest.length : 0, speech, away),
    entries: isLast ? entries : [first],
  };
}

/**
 * Those that fire come first: they are what must be read. The order of what is said of one alert stays.
 */
export function urgentFirst(entries: readonly Entry[]): readonly Entry[] {
  const counts = new Map<string, number>();
  for (const { line } of entries) counts.set(line.alert.id, (counts.get(line.alert.id) ?? 0) + 1);
  const isUrgent = ({ line }: Entry): boolean => !isEnd(line) && counts.get(line.alert.id) === 1;
  return [...entries.filter(isUrgent), ...entries.filter((entry) => !isUrgent(entry))];
}

/** The largest number up to `most` for which `holds` is true, where it is true for all below. */
function mostThat(holds: (count: number) => boolean, most: number): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The entry with as much of its text as there is room for: the raw text is cut, by code points, before it is escaped. */
function shortened(entry: Entry, fits: (entry: Entry) => boolean): Entry {
  if (fits(entry)) return entry;
  const withText = (count: number): Entry => ({ ...entry, text: cut(entry.text, count) });
  return withText(mostThat((count) => fits(withText(count)), [...entry.text].length));
}
