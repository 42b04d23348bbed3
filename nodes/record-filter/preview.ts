import type { RingRecord } from '../../lib/ring.ts';
import type { CompiledRules, Fields } from '../../lib/rules/compile.ts';
import { Filter, type Verdict } from './filter.ts';
import type { FilterSettings } from './settings.ts';

/** Why a record was dropped: by a row (from 1 on), by all rows together, by none that fits, or as one too many. */
export type Reason = { word: 'row' | 'notRow'; row: number } | { word: 'allRows' | 'noRow' | 'limit' };

export interface PreviewLine {
  readonly time: string;
  readonly source: string;
  readonly message: string;
  readonly why: Reason;
}

export interface Preview {
  total: number;
  passed: number;
  droppedByRules: number;
  droppedByLimit: number;
  /** For each row how many records fit it. */
  perRule: number[];
  /** Of what was dropped the last, the latest first. */
  last: PreviewLine[];
}

const MOST_LINES = 20;
const LONGEST_TEXT = 200;

/** What a filter with these settings would have done with records of the past, given one after another. */
export class FilterPreview {
  readonly #settings: FilterSettings;
  readonly #compiled: CompiledRules;
  readonly #filter: Filter;
  readonly #result: Preview;

  constructor(settings: FilterSettings, compiled: CompiledRules) {
    this.#settings = settings;
    this.#compiled = compiled;
    this.#filter = new Filter(settings, compiled);
    const perRule = settings.rules.rules.map(() => 0);
    this.#result = { total: 0, passed: 0, droppedByRules: 0, droppedByLimit: 0, perRule, last: [] };
  }

  add({ record, shippedMs }: Pick<RingRecord, 'record' | 'shippedMs'>): void {
    const result = this.#result;
    const hits = this.#compiled.matchEach(record);
    const verdict = this.#filter.judge(record, shippedMs);
    result.total += 1;
    for (const [index, isHit] of hits.entries()) if (isHit) result.perRule[index] = (result.perRule[index] ?? 0) + 1;
    if (verdict === 'pass') {
      result.passed += 1;
      return;
    }
    if (verdict === 'rules') result.droppedByRules += 1;
    else result.droppedByLimit += 1;
    result.last.unshift({ ...lineOf(record), why: this.#reasonOf(verdict, hits) });
    if (result.last.length > MOST_LINES) result.last.pop();
  }

  result(): Preview {
    return this.#result;
  }

  #reasonOf(verdict: Verdict, hits: readonly boolean[]): Reason {
    if (verdict === 'limit') return { word: 'limit' };
    const { action, rules } = this.#settings;
    if (action === 'drop') {
      if (rules.mode === 'all' && hits.length > 1) return { word: 'allRows' };
      return { word: 'row', row: hits.indexOf(true) + 1 };
    }
    return rules.mode === 'all' ? { word: 'notRow', row: hits.indexOf(false) + 1 } : { word: 'noRow' };
  }
}

/** Where a record comes from, for people: a container, a program, a check, a mount, else its kind. */
const SOURCES = ['container_name', 'check_name', 'disk_mount', 'application_name', 'alert_name', 'log_type', 'host'];

function lineOf(record: Fields): Omit<PreviewLine, 'why'> {
  const source = SOURCES.map((key) => record[key]).find((value) => typeof value === 'string' && value !== '');
  return { time: cut(record.time), source: cut(source), message: cut(record.message) };
}

function cut(value: unknown): string {
  return value === undefined || value === null ? '' : String(value).slice(0, LONGEST_TEXT);
}
