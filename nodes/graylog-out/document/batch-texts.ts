import type { InfraRecord } from '../../../lib/record.ts';
import { areWordsPlain, isPlain, viewOf } from './memory.ts';

/** The keys whose texts differ in each record. Their places are in this order. */
export const BATCHED: readonly string[] = ['time', 'message', 'event_id'];

const MOST_RECORDS = 128;
const MEMORY_BYTES = 65_536;
/** A character takes at most so many bytes. */
const MOST_BYTES_PER_UNIT = 3;
const [BLANK, FOUR] = [32, 4];

/**
 * The bytes of texts of many records, which are put together and written at once: one by one each takes five times as long.
 * Only of texts of ASCII characters: of those a unit is a byte.
 */
export class BatchTexts {
  readonly bytes = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  readonly view = viewOf(this.bytes);
  readonly #words = new Int32Array(this.bytes.buffer);
  readonly #starts = new Int32Array(MOST_RECORDS * BATCHED.length + 1);
  #records: readonly InfraRecord[] = [];
  /** The record that was asked for last. */
  #at = -1;
  /** Which records were written, and whether as such texts; whether JSON writes all of them as they are. */
  #from = 0;
  #to = 0;
  #isAscii = false;
  #isPlain = false;

  /** Goes on with these records, which are asked for in their order. */
  begin(records: readonly InfraRecord[]): void {
    this.#records = records;
    this.#at = -1;
    this.#to = 0;
  }

  /** Whether the texts of a record are here: then those are meant from now on. */
  find(record: object): boolean {
    const records = this.#records;
    let at = this.#at + 1;
    while (at < records.length && records[at] !== record) at += 1;
    if (at === records.length) return false;
    this.#at = at;
    if (at >= this.#to) this.#write(at);
    return this.#isAscii;
  }

  /** Where a text of the record begins, by its place in `BATCHED`. */
  startOf(place: number): number {
    return this.#starts[(this.#at - this.#from) * BATCHED.length + place] as number;
  }

  endOf(place: number): number {
    return this.startOf(place + 1);
  }

  /** Whether JSON writes the bytes between as they are. */
  isPlain(from: number, end: number): boolean {
    return this.#isPlain || isPlain(this.bytes, from, end);
  }

  /** Writes the texts of the records from this one on, as many as there is room for; at least this one is done with. */
  #write(from: number): void {
    const records = this.#records;
    const starts = this.#starts;
    let text = '';
    let to = from;
    for (let next = 0; to < records.length && to < from + MOST_RECORDS; to += 1) {
      const record = records[to] as InfraRecord;
      const [time, message, id] = [textOf(record.time), textOf(record.message), textOf(record.event_id)];
      const units = text.length + time.length + message.length + id.length;
      if (units * MOST_BYTES_PER_UNIT > MEMORY_BYTES - FOUR) break;
      starts[next] = text.length;
      starts[next + 1] = text.length + time.length;
      starts[next + 2] = units - id.length;
      starts[next + 3] = units;
      next += BATCHED.length;
      text += time + message + id;
    }
    this.#from = from;
    this.#to = Math.max(to, from + 1);
    const end = this.bytes.write(text, 0);
    this.#isAscii = to > from && end === text.length;
    this.bytes.fill(BLANK, end, end + FOUR);
    this.#isPlain = this.#isAscii && areWordsPlain(this.#words, Math.ceil(end / FOUR));
  }
}

/** A record of another package may lack one. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
