import { recordOf } from '../../../lib/gelf-record.ts';
import { entryText } from '../answer/entry.ts';
import { fitsKind, isOfKind } from '../answer/kinds.ts';
import { likeEntry } from '../answer/like-entry.ts';
import { maskedText } from '../answer/mask.ts';
import type { AskedRecords, Cursor } from '../answer/query.ts';
import { seriesOf } from '../answer/series-answer.ts';
import { type Facts, stateOf } from '../answer/state.ts';
import { textTest } from '../answer/text-test.ts';
import type { RecordRing } from '../ring/record-ring.ts';
import type { Unit } from '../series/series-store.ts';
import { searchRing } from './ring-search.ts';
import type { Watcher } from './watcher.ts';

const STATE_MS = 1_000;
const ALERTS_MS = 500;
const MOST_BYTES = 250_000;
const ROW_CHARACTERS = 500;
const WHOLE_CHARACTERS = 64_000;

/** The texts that the routes answer. What is the same for all readers is made once. */
export class Answers {
  readonly #watcher: Watcher;
  readonly #ring: RecordRing;
  readonly #facts: Facts;
  readonly #states = new Map<boolean, { readonly text: string; readonly untilMs: number }>();
  #alerts = { version: 0, text: '', checkedMs: Number.NEGATIVE_INFINITY };

  constructor(watcher: Watcher, ring: RecordRing, facts: Facts) {
    this.#watcher = watcher;
    this.#ring = ring;
    this.#facts = facts;
  }

  /** Where a reader who knows all that there is would be. */
  get cursor(): Cursor {
    return { boot: this.#watcher.boot, number: this.#ring.lastNumber, alerts: this.#alertsVersion() };
  }

  /** What is so now: what rings, and all but the list and the charts. */
  state(withNames: boolean): string {
    const known = this.#states.get(withNames);
    const nowMs = performance.now();
    if (known !== undefined && known.untilMs > nowMs) return known.text;
    this.#watcher.look();
    const state = stateOf(this.#watcher, this.#ring, this.#facts, Date.now(), withNames);
    const text = JSON.stringify({ ...state, cursor: this.#cursorText() });
    this.#states.set(withNames, { text, untilMs: nowMs + STATE_MS });
    return text;
  }

  /** What came since a cursor: of more than fits the last ones, and how many were left out. */
  since(cursor: Cursor | undefined, withNames: boolean): string {
    const after = cursor?.boot === this.#watcher.boot ? cursor.number : undefined;
    const last = this.#ring.lastNumber;
    if (after === undefined || after > last) return this.#envelope({ isNew: true }, []);
    const entries = this.#ring.newest({ most: 500, after });
    const texts = bounded(entries.toReversed().map((entry) => this.#text(likeEntry(this.#ring, entry), withNames)));
    return this.#envelope({ missed: last - after - texts.length }, texts.reverse());
  }

  /** The last records of a kind: before a number, of one container, with a text in them, where that is asked. */
  async records(asked: AskedRecords, withNames: boolean, signal?: AbortSignal): Promise<string> {
    const { kind, most, before, container, text } = asked;
    // Who goes on from here must not miss what came while it was looked for.
    const cursor = this.#cursorText();
    const holdsText = text === undefined ? () => true : textTest(text, withNames);
    if (kind === 'matters' && container === undefined) {
      this.#watcher.look();
      const fitting = this.#watcher.kept.all
        .filter(({ number }) => before === undefined || number < before)
        .filter(({ document }) => holdsText(document));
      const kept = fitting.slice(-most).map((one) => this.#text(one, withNames));
      const isEnd = fitting.length <= most;
      return this.#envelope({ sinceMs: this.#ring.sinceMs, cursor: this.#cursorText(), isEnd }, kept);
    }
    const isOfKindAsked = kind === 'errors' ? isError : () => true;
    const { entries, isEnd } = await searchRing(
      this.#ring,
      {
        most,
        before,
        fits: (lane) => (container === undefined ? fitsKind(kind, lane) : lane.container === container),
        matches: (document) => isOfKindAsked(document) && holdsText(document),
      },
      signal,
    );
    const texts = entries.map((entry) => this.#text(likeEntry(this.#ring, entry), withNames));
    const shown = bounded(texts);
    const isAll = isEnd && shown.length === texts.length;
    return this.#envelope({ sinceMs: this.#ring.sinceMs, cursor, isEnd: isAll }, shown.reverse());
  }

  /** One record, whole as far as a page can show it; undefined where it is gone. */
  record(number: number, withNames: boolean): string | undefined {
    const kept = this.#watcher.kept.all.find((one) => one.number === number);
    const [entry] = this.#ring.newest({ most: 1, after: number - 1, before: number + 1 });
    const found = kept ?? (entry && likeEntry(this.#ring, entry));
    return found && entryText(found, { withNames, mostCharacters: WHOLE_CHARACTERS });
  }

  series(unit: Unit, steps: number): string {
    return JSON.stringify(seriesOf(this.#watcher.store, unit, steps, Date.now(), this.#facts.limits()));
  }

  /** When alerts began and ended in the last 30 days. */
  transitions(withNames: boolean): string {
    const all = this.#watcher.alertLog.all;
    return JSON.stringify({
      nowMs: Date.now(),
      transitions: withNames ? all : all.map((one) => ({ ...one, key: maskedText(one.key) })),
    });
  }

  #text(source: Parameters<typeof entryText>[0], withNames: boolean): string {
    return entryText(source, { withNames, mostCharacters: ROW_CHARACTERS });
  }

  #envelope(members: object, texts: readonly string[]): string {
    const head = JSON.stringify({
      nowMs: Date.now(),
      cursor: this.#cursorText(),
      ...members,
      build: this.#facts.build,
    });
    return `${head.slice(0, -1)},"records":[${texts.join(',')}]}`;
  }

  #cursorText(): string {
    const { boot, number, alerts } = this.cursor;
    return `${boot}.${number}.${alerts}`;
  }

  #alertsVersion(): number {
    const nowMs = performance.now();
    if (nowMs - this.#alerts.checkedMs < ALERTS_MS) return this.#alerts.version;
    const pending = this.#facts.pending().map(({ node, key, sinceMs }) => [node, key, sinceMs]);
    const { told } = this.#watcher;
    const text = JSON.stringify([this.#watcher.firing(), pending, told.at(-1)?.atMs, this.#facts.flowsRun()]);
    const version = text === this.#alerts.text ? this.#alerts.version : this.#alerts.version + 1;
    if (version !== this.#alerts.version) this.#states.clear();
    this.#alerts = { version, text, checkedMs: nowMs };
    return version;
  }
}

function isError(document: string): boolean {
  return /"level":[0-3][,}]/.test(document) && isOfKind('errors', recordOf(document));
}

/** As many as there is room for. */
function bounded(texts: readonly string[]): string[] {
  let room = MOST_BYTES;
  const end = texts.findIndex((text) => {
    room -= text.length + 1;
    return room < 0;
  });
  return end === -1 ? [...texts] : texts.slice(0, end);
}
