import type { Row } from './row.ts';

export const MOST_ROWS = 500;

/** Where records are missing between two rows. */
export interface Gap {
  readonly gap: number;
  /** Unique among the rows. */
  readonly number: number;
}

export type Line = Row | Gap;

export function isGap(line: Line): line is Gap {
  return 'gap' in line;
}

/** The lines of a list, the latest first. While it is held, what comes waits, and the lines stay as they are. */
export class RowList {
  #lines: readonly Line[] = [];
  #waiting: readonly Line[] = [];
  /** How many came while it was held, also those that there is no room for. */
  #waitingCount = 0;
  #isHeld = false;
  #gaps = 0;

  get lines(): readonly Line[] {
    return this.#lines;
  }

  get waitingCount(): number {
    return this.#waitingCount;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Shows these rows and nothing else. They come the oldest first, as in the other methods. */
  reset(rows: readonly Row[]): void {
    this.#lines = added([], rows);
    this.#forgetWaiting();
  }

  hold(): void {
    this.#isHeld = true;
  }

  /** Shows what waited. */
  release(): void {
    this.#isHeld = false;
    if (this.#waitingCount === 0) return;
    const lost = this.#waitingCount - countOf(this.#waiting);
    const between = lost > 0 ? [this.#gap(lost)] : [];
    this.#lines = bounded([...this.#waiting, ...between, ...this.#lines]);
    this.#forgetWaiting();
  }

  add(rows: readonly Row[], missed: number): void {
    if (rows.length === 0 && missed === 0) return;
    const lines = this.#isHeld ? this.#waiting : this.#lines;
    const before = missed > 0 ? [this.#gap(missed), ...lines] : lines;
    const after = added(before, rows);
    if (!this.#isHeld) {
      this.#lines = after;
      return;
    }
    this.#waiting = after;
    this.#waitingCount += rows.length + missed;
  }

  /** Puts older rows at the end; where there is no room, the latest leave it. */
  addOlder(rows: readonly Row[]): void {
    const known = new Set(this.#lines.map(({ number }) => number));
    const older = added(
      [],
      rows.filter(({ number }) => !known.has(number)),
    );
    this.#lines = [...this.#lines, ...older].slice(-MOST_ROWS);
  }

  #gap(count: number): Gap {
    this.#gaps += 1;
    return { gap: count, number: -1_000_000 - this.#gaps };
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    this.#waitingCount = 0;
  }
}

/** Rows before the lines. One that is like the latest joins it; one that came twice is shown once. */
function added(lines: readonly Line[], rows: readonly Row[]): readonly Line[] {
  const result: Line[] = [...lines].reverse();
  const ids = new Set(
    lines
      .slice(0, 100)
      .map(idOf)
      .filter((id) => id !== undefined),
  );
  for (const row of rows) {
    const id = idOf(row);
    if (id !== undefined && ids.has(id)) continue;
    if (id !== undefined) ids.add(id);
    const last = result.at(-1);
    if (last === undefined || isGap(last) || last.likeness !== row.likeness) result.push(row);
    else
      result[result.length - 1] = {
        ...row,
        count: last.count + row.count,
        firstMs: Math.min(last.firstMs, row.firstMs),
      };
  }
  return bounded(result.reverse());
}

/** The latest lines for which there is room; what is missing before the oldest row is said, too. */
function bounded(lines: readonly Line[]): readonly Line[] {
  const next = lines[MOST_ROWS];
  return lines.slice(0, MOST_ROWS + (next !== undefined && isGap(next) ? 1 : 0));
}

function idOf(line: Line): unknown {
  return isGap(line) ? undefined : line.record.event_id;
}

function countOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + (isGap(line) ? line.gap : line.count), 0);
}
