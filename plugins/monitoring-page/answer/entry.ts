import { recordOf } from '../../../lib/gelf-record.ts';
import { masked } from './mask.ts';

/** A record as it is sent to a browser: its number, when it was shipped, its node, how many are alike, since when, the record. */
export interface EntrySource {
  readonly number: number;
  readonly shippedMs: number;
  readonly node: string;
  readonly count: number;
  readonly firstMs: number;
  readonly document: string;
}

export interface EntryOptions {
  /** Whether the reader may see names and addresses. */
  readonly withNames: boolean;
  /** Characters of a text; the rest is left out. */
  readonly mostCharacters: number;
}

/** What is longer is opened, and its texts are cut. */
const SHORT = 2_000;

/** The JSON of an entry. A short document goes as it is: reading and writing all of them would cost a busy host too much. */
export function entryText(source: EntrySource, { withNames, mostCharacters }: EntryOptions): string {
  const { number, shippedMs, node, count, firstMs, document } = source;
  const head = `${number},${shippedMs},${JSON.stringify(node)},${count},${firstMs}`;
  const isPlain = withNames && document.length <= Math.max(SHORT, mostCharacters);
  if (isPlain && document.startsWith('{')) return `[${head},${document}]`;
  const record = recordOf(document);
  const shown = withNames ? record : masked(record);
  return `[${head},${JSON.stringify(cut(shown, mostCharacters))}]`;
}

function cut(record: { readonly [key: string]: unknown }, most: number): object {
  const entries = Object.entries(record).map(([key, value]) => [
    key,
    typeof value === 'string' && value.length > most ? `${value.slice(0, most)}…` : value,
  ]);
  return Object.fromEntries(entries);
}
