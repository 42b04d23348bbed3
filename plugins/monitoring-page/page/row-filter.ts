import { searchedText, valuesText } from '../answer/searched-text.ts';
import type { Row } from '../view/row.ts';
import { parseSearch, type Search } from '../view/search.ts';
import { PatternSearch } from './pattern-search.ts';

/** What a reader looks for, and which rows fit. */
export class RowFilter {
  readonly #search: Search;
  readonly #patterns: PatternSearch | undefined;
  /** Whether the pattern took too long: then nothing fits. */
  isTooSlow = false;

  /** `typed` is a text, or a pattern between slashes; `workerAddress` that of the script that looks for patterns. */
  constructor(typed: string, workerAddress: string) {
    this.#search = parseSearch(typed);
    if (this.#search.kind === 'pattern') this.#patterns = new PatternSearch(workerAddress, this.#search.source);
  }

  /** The text that the server is to look for; undefined where it is a pattern: the server knows none. */
  get text(): string | undefined {
    return this.#search.kind === 'text' ? this.#search.text : undefined;
  }

  get isPattern(): boolean {
    return this.#search.kind === 'pattern';
  }

  async fitting(rows: readonly Row[]): Promise<readonly Row[]> {
    const search = this.#search;
    if (search.kind === 'none' || rows.length === 0) return rows;
    if (search.kind === 'text') return rows.filter(({ record }) => searchedText(record).includes(search.text));
    const found = await this.#patterns?.find(rows.map(({ record }) => valuesText(record)));
    if (found === undefined) this.isTooSlow = true;
    return rows.filter((_, index) => found?.has(index) === true);
  }

  close(): void {
    this.#patterns?.close();
  }
}
