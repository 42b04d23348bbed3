import type { ErrorCode } from '../../lib/error-codes.ts';
import { MonitoringError } from '../../lib/errors.ts';
import { faultsOf, parseList } from '../../lib/rules/check.ts';
import { numberFrom, withPoint } from '../../lib/rules/number-text.ts';
import { parseRuleSet, type RuleSet } from '../../lib/rules/rule.ts';
import { isZone } from '../../lib/time-zone.ts';
import { parseTimeOfDay, type SilenceWindow, WEEKDAYS, type Weekday } from './silence-schedule.ts';

/** What a flow keeps of an `alert`, as a new one has it. */
export const ALERT_DEFAULTS = {
  name: '',
  kind: 'state',
  preset: '',
  only: { mode: 'all', rules: [] } as RuleSet,
  each: [] as string[],
  orNone: false,
  field: '',
  bad: '',
  good: '',
  critical: '',
  startOperator: 'above',
  limit: '',
  end: '',
  forSeconds: '0',
  forSamples: '0',
  counts: 'records',
  countField: '',
  threshold: '5',
  windowSeconds: '60',
  endSeconds: '300',
  ends: 'after',
  endRules: { mode: 'all', rules: [] } as RuleSet,
  silentSeconds: '300',
  expected: '',
  forgetHours: '24',
  activeFrom: '',
  activeTo: '',
  activeDays: [] as string[],
  heldBy: '',
  severity: 'error',
  text: '',
  remindMinutes: '0',
  floodMessages: '10',
  floodMinutes: '10',
  silences: [] as { days: string[]; from: string; to: string; zone: string }[],
};

export type AlertProperties = typeof ALERT_DEFAULTS;

const SECOND = 1_000;
const MONTH_SECONDS = 31 * 86_400;
const LONGEST_TEXT = 4_096;

interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
  /** 0 is allowed although it is less than the least. */
  readonly orZero?: boolean;
}

/** Reads the properties of a saved node, which may be anything. */
export class PropertyReader {
  readonly #config: object;

  constructor(config: object) {
    this.#config = config;
  }

  refuse(code: ErrorCode, field: string, values: { [name: string]: string | number } = {}): never {
    throw new MonitoringError(code, { field, ...values });
  }

  value(field: keyof AlertProperties): unknown {
    return Reflect.get(this.#config, field) ?? ALERT_DEFAULTS[field];
  }

  text(field: keyof AlertProperties): string {
    const value = this.value(field);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    return text.length > LONGEST_TEXT ? this.refuse('ALERT_TOO_LONG', field, { most: LONGEST_TEXT }) : text;
  }

  field(field: keyof AlertProperties): string {
    return this.text(field) || this.refuse('ALERT_NO_FIELD', field);
  }

  choice<T extends string>(field: keyof AlertProperties, choices: readonly T[]): T {
    const text = this.text(field);
    return (
      choices.find((choice) => choice === text) ?? this.refuse('ALERT_CHOICE', field, { value: text.slice(0, 40) })
    );
  }

  /** A number by the one grammar; undefined where the field is blank. */
  figure(field: keyof AlertProperties): number | undefined {
    const text = this.text(field);
    if (text === '') return undefined;
    const number = numberFrom(text);
    if (number !== undefined) return number;
    const proposed = withPoint(text);
    if (proposed !== undefined) this.refuse('ALERT_COMMA', field, { proposed });
    return this.refuse('ALERT_NO_NUMBER', field, { value: text.slice(0, 40) });
  }

  number(field: keyof AlertProperties, { least, most, isWhole, orZero }: NumberRange): number {
    const number = this.figure(field) ?? 0;
    if (orZero === true && number === 0) return 0;
    if (number < least || number > most) this.refuse('ALERT_RANGE', field, { value: number, least, most });
    if (isWhole === true && !Number.isInteger(number)) this.refuse('ALERT_NOT_WHOLE', field, { value: number });
    return number;
  }

  /** Seconds, as ms. */
  ms(field: keyof AlertProperties, least: number): number {
    return Math.round(this.number(field, { least, most: MONTH_SECONDS }) * SECOND);
  }

  list(field: keyof AlertProperties, most: number): readonly unknown[] {
    const value = this.value(field);
    if (!Array.isArray(value)) return this.refuse('ALERT_NO_LIST', field);
    return value.length > most ? this.refuse('ALERT_TOO_MANY', field, { most }) : value;
  }

  words(field: keyof AlertProperties, most: number): string[] {
    const value = this.value(field);
    const words = typeof value === 'string' ? parseList(value) : this.list(field, most);
    return words.map((word) => (typeof word === 'string' ? word.trim() : '')).filter((word) => word !== '');
  }

  listText(field: keyof AlertProperties): string[] {
    return parseList(this.text(field));
  }

  rules(field: 'only' | 'endRules'): RuleSet {
    const rules = parseRuleSet(this.value(field));
    const [fault] = faultsOf(rules);
    if (fault !== undefined) throw fault;
    return rules;
  }

  /** A window of the week, row `row` of `field`. */
  window(value: unknown, field: keyof AlertProperties, row: number, hostZone: string): SilenceWindow {
    const { days, from, to, zone } = (typeof value === 'object' && value !== null ? value : {}) as {
      [name: string]: unknown;
    };
    const time = (text: unknown): number =>
      parseTimeOfDay(String(text ?? '')) ??
      this.refuse('ALERT_TIME_OF_DAY', field, { row, value: String(text ?? '').slice(0, 20) });
    const named = typeof zone === 'string' && zone.trim() !== '' ? zone.trim() : hostZone;
    if (!isZone(named)) this.refuse('ALERT_ZONE', field, { row, value: named.slice(0, 40) });
    const chosen: readonly unknown[] = Array.isArray(days) ? days : [];
    const wrong = chosen.find((day) => !WEEKDAYS.some((weekday) => weekday === day));
    if (wrong !== undefined) this.refuse('ALERT_DAY', field, { row, value: String(wrong).slice(0, 20) });
    const begin = time(from);
    // 24:00 as a beginning is 0:00 of the day after, and nobody means that.
    if (begin === 1_440) this.refuse('ALERT_TIME_OF_DAY', field, { row, value: '24:00' });
    return { days: chosen as Weekday[], from: begin, to: time(to), zone: named };
  }
}
