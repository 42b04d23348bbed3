import { MOST_SERIES } from './step-table.ts';

/** A series: its place in the table, and the minute since which the place is its own. */
export interface SeriesName {
  readonly name: string;
  readonly place: number;
  readonly sinceMinute: number;
}

const LONGEST_NAME = 120;
/** A series that was measured within the last hour keeps its place: else more than there is room for would push out each other. */
const FRESH_MINUTES = 60;

/** Which series is at which place. A new one takes the place of that which was not seen for longest. */
export class SeriesNames {
  readonly #byName = new Map<string, { place: number; sinceMinute: number; seenMinute: number }>();

  constructor(saved: readonly SeriesName[] = []) {
    for (const { name, place, sinceMinute } of saved)
      this.#byName.set(name, { place, sinceMinute, seenMinute: sinceMinute });
  }

  get all(): readonly SeriesName[] {
    return [...this.#byName].map(([name, { place, sinceMinute }]) => ({ name, place, sinceMinute }));
  }

  /** The place of a series; undefined where it has none. */
  find(name: string): number | undefined {
    return this.#byName.get(cut(name))?.place;
  }

  /** The place of a series that is measured now, and whether it was another's until now. Undefined where there is no room. */
  place(name: string, minute: number): { readonly place: number; readonly isNew: boolean } | undefined {
    const known = this.#byName.get(cut(name));
    if (known !== undefined) {
      known.seenMinute = Math.max(known.seenMinute, minute);
      return { place: known.place, isNew: false };
    }
    const place = this.#byName.size < MOST_SERIES ? this.#free() : this.#give(minute);
    if (place === undefined) return undefined;
    this.#byName.set(cut(name), { place, sinceMinute: minute, seenMinute: minute });
    return { place, isNew: true };
  }

  #free(): number {
    const taken = new Set([...this.#byName.values()].map(({ place }) => place));
    let place = 0;
    while (taken.has(place)) place += 1;
    return place;
  }

  /** The place of the series that was not seen for longest. */
  #give(minute: number): number | undefined {
    let [unseen] = this.#byName;
    for (const entry of this.#byName) if (entry[1].seenMinute < (unseen?.[1].seenMinute ?? 0)) unseen = entry;
    if (unseen === undefined || minute - unseen[1].seenMinute < FRESH_MINUTES) return undefined;
    this.#byName.delete(unseen[0]);
    return unseen[1].place;
  }
}

/** The names in a file's head; undefined where they are none. */
export function parseNames(value: unknown): SeriesName[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_SERIES) return undefined;
  const places = new Set<number>();
  const names = new Set<string>();
  for (const entry of value as unknown[]) {
    const { name, place, sinceMinute } = (entry ?? {}) as Partial<SeriesName>;
    const isPlace = Number.isInteger(place) && (place as number) >= 0 && (place as number) < MOST_SERIES;
    if (typeof name !== 'string' || name.length > LONGEST_NAME || !isPlace) return undefined;
    if (typeof sinceMinute !== 'number' || !Number.isFinite(sinceMinute)) return undefined;
    places.add(place as number);
    names.add(name);
  }
  const isUnique = places.size === value.length && names.size === value.length;
  return isUnique ? (value as SeriesName[]) : undefined;
}

function cut(name: string): string {
  return name.slice(0, LONGEST_NAME);
}
