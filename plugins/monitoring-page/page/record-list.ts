import { containerNameOf } from '../../../lib/pods/record-name.ts';
import type { Kind } from '../answer/kinds.ts';
import { isOfKind } from '../answer/kinds.ts';
import { parseCursor } from '../answer/query.ts';
import { mattersAtNight } from '../history/matters.ts';
import { type Row, rowOf } from '../view/row.ts';
import { MOST_ROWS, RowList } from '../view/row-list.ts';
import type { RecordsAnswer } from './answers.ts';
import type { Client } from './client.ts';
import { nextFrame } from './frame.ts';
import { RowFilter } from './row-filter.ts';

const FIRST = 300;
const OLDER = 200;
/** A pattern is looked for in so many records at a time. */
const PAGE = 500;
/** More rows than these at a time are more than anybody reads. */
const RUSH = 100;
const RUSH_MS = 3_000;
/** So many rows are made in a frame. */
const SLICE = 25;

/** The records that are shown: of a kind or a container, with what is looked for in them. */
export class RecordList {
  readonly rows = new RowList();
  kind: Kind = 'matters';
  container: string | undefined;
  filter: RowFilter;
  /** Since when the list is complete, in ms since 1970. */
  sinceMs = 0;
  isEnd = false;
  isSearching = false;
  /** When the oldest record was shipped that was looked at. */
  searchedToMs: number | undefined;
  readonly #client: Client;
  readonly #workerAddress: string;
  readonly #changed: () => void;
  /** Ended when another list is wanted. */
  #turn = new AbortController();
  /** What came up to this number was asked for as a list. */
  #from = 0;
  #rushedMs = Number.NEGATIVE_INFINITY;
  /** The number of the oldest record that was looked at. */
  #oldest: number | undefined;

  /** `changed` is called after each change that nobody waits for. */
  constructor(client: Client, workerAddress: string, changed: () => void) {
    this.#client = client;
    this.#workerAddress = workerAddress;
    this.#changed = changed;
    this.filter = new RowFilter('', workerAddress);
  }

  /** Whether more comes than anybody can read. */
  get isRushing(): boolean {
    return performance.now() - this.#rushedMs < RUSH_MS;
  }

  choose(kind: Kind, container: string | undefined): void {
    this.kind = kind;
    this.container = container;
  }

  searchFor(typed: string): void {
    this.filter.close();
    this.filter = new RowFilter(typed, this.#workerAddress);
  }

  /** Loads the list. Gives the answer, undefined where another list was asked for meanwhile. Throws `NoAnswer`. */
  async load(signal?: AbortSignal): Promise<RecordsAnswer | undefined> {
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    // The search of the list before is over, wherever it was.
    this.isSearching = false;
    const both = signal === undefined ? turn.signal : AbortSignal.any([turn.signal, signal]);
    let answer: RecordsAnswer;
    try {
      answer = await this.#ask(this.filter.isPattern ? PAGE : FIRST, undefined, both);
    } catch (error) {
      if (turn.signal.aborted) return undefined;
      throw error;
    }
    const rows = await this.filter.fitting(rowsOf(answer.records));
    if (turn.signal.aborted) return undefined;
    this.sinceMs = answer.sinceMs ?? 0;
    this.#from = parseCursor(answer.cursor)?.number ?? 0;
    this.rows.reset(rows);
    this.#look(answer);
    if (this.filter.isPattern) void this.#searchBack(both);
    return answer;
  }

  async loadOlder(): Promise<void> {
    const { signal } = this.#turn;
    this.rows.hold();
    for (let found = 0; found === 0 && !this.isEnd && !signal.aborted; ) {
      const rows = await this.#older(signal).catch(() => undefined);
      if (rows === undefined || signal.aborted) return;
      this.rows.addOlder(rows);
      found = rows.length;
    }
  }

  /** Takes what came, some rows a frame: many at once would hold the page up. */
  async take(entries: readonly unknown[], missed: number, signal: AbortSignal): Promise<void> {
    const { signal: turn } = this.#turn;
    const wanted = rowsOf(entries).filter((row) => row.number > this.#from && this.#isWanted(row));
    const rows = await this.filter.fitting(wanted);
    const isAll = this.kind === 'all' && this.container === undefined && this.filter.text === undefined;
    if (signal.aborted || turn.aborted) return;
    if (rows.length > RUSH) this.#rushedMs = performance.now();
    // What more rows than are shown come after need not be drawn.
    const hidden = Math.max(0, rows.length - RUSH);
    this.rows.add(rows.slice(0, hidden), isAll ? missed : 0);
    for (let from = hidden; from < rows.length; from += SLICE) {
      this.rows.add(rows.slice(from, from + SLICE), 0);
      this.#changed();
      if (from + SLICE >= rows.length) return;
      await nextFrame();
      if (signal.aborted || turn.aborted) return;
    }
  }

  #isWanted({ record }: Row): boolean {
    if (this.container !== undefined) return containerNameOf(record) === this.container;
    return this.kind === 'matters' ? mattersAtNight(record) : isOfKind(this.kind, record);
  }

  /** Goes back through the hour: a pattern is looked for here, in all that there is. */
  async #searchBack(signal: AbortSignal): Promise<void> {
    this.isSearching = !this.isEnd;
    while (!this.isEnd && !signal.aborted && !this.filter.isTooSlow && this.rows.lines.length < MOST_ROWS) {
      const rows = await this.#older(signal).catch(() => undefined);
      if (rows === undefined) break;
      const room = MOST_ROWS - this.rows.lines.length;
      if (!signal.aborted) this.rows.addOlder(rows.slice(-room));
      this.#changed();
    }
    if (signal.aborted) return;
    this.isSearching = false;
    this.#changed();
  }

  async #older(signal: AbortSignal): Promise<readonly Row[]> {
    const { filter } = this;
    const answer = await this.#ask(filter.isPattern ? PAGE : OLDER, this.#oldest, signal);
    this.#look(answer);
    return filter.fitting(rowsOf(answer.records));
  }

  #look({ records, isEnd }: RecordsAnswer): void {
    const [oldest] = rowsOf(records.slice(0, 1));
    this.isEnd = isEnd === true || oldest === undefined;
    this.#oldest = oldest?.number ?? this.#oldest;
    this.searchedToMs = oldest?.shippedMs ?? this.searchedToMs;
  }

  #ask(most: number, before: number | undefined, signal: AbortSignal): Promise<RecordsAnswer> {
    const { kind, container, filter } = this;
    return this.#client.get<RecordsAnswer>('records', { kind, container, before, most, text: filter.text }, signal);
  }
}

function rowsOf(entries: readonly unknown[]): Row[] {
  return entries.map(rowOf).filter((row) => row !== undefined);
}
