import { recordOf } from '../../../lib/gelf-record.ts';
import { likeness } from './matters.ts';

/** A record that matters, or the last one of several that are alike. */
export interface KeptRecord {
  /** That of the ring; less than 0 where it is from an earlier run. */
  readonly number: number;
  readonly document: string;
  /** The id of the `graylog-out`. */
  readonly node: string;
  readonly shippedMs: number;
  /** How many are alike, and when the first of them was shipped. */
  readonly count: number;
  readonly firstMs: number;
}

export const MOST_KEPT = 500;
/** Alike and near each other they are one. */
const LOOK_BACK = 12;
const LIKE_MS = 3_600_000;
const LONGEST_DOCUMENT = 8_000;

/** The last records that matter, the oldest first. */
export class KeptRecords {
  #entries: { readonly kept: KeptRecord; readonly likeness: string }[] = [];

  get all(): readonly KeptRecord[] {
    return this.#entries.map(({ kept }) => kept);
  }

  /** Puts what an earlier run kept before all others. */
  restore(records: readonly Omit<KeptRecord, 'number'>[]): void {
    const last = records.slice(-MOST_KEPT);
    const restored = last.map((record, index) => ({
      kept: { ...record, number: index - last.length },
      likeness: likeness(recordOf(record.document)),
    }));
    this.#entries = [...restored, ...this.#entries].slice(-MOST_KEPT);
  }

  /** Takes a record. False where it joins others that are alike. */
  add(
    record: Pick<KeptRecord, 'number' | 'document' | 'node' | 'shippedMs'>,
    fields: { readonly [key: string]: unknown },
  ): boolean {
    if (record.document.length > LONGEST_DOCUMENT) return false;
    const own = likeness(fields);
    const from = Math.max(0, this.#entries.length - LOOK_BACK);
    const at = this.#entries.findLastIndex(
      (entry, index) => index >= from && entry.likeness === own && record.shippedMs - entry.kept.firstMs < LIKE_MS,
    );
    const before = at === -1 ? undefined : this.#entries.splice(at, 1)[0]?.kept;
    const firstMs = before?.firstMs ?? record.shippedMs;
    this.#entries.push({ kept: { ...record, count: (before?.count ?? 0) + 1, firstMs }, likeness: own });
    if (this.#entries.length > MOST_KEPT) this.#entries.shift();
    return before === undefined;
  }
}
