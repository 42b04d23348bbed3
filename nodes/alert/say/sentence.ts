import { spanText } from '../../../lib/duration.ts';
import { fieldOf } from '../../../lib/rules/compile.ts';
import type { Translate } from '../../../lib/status.ts';
import type { EndReason } from '../judge/judge.ts';
import { TOO_MANY_KEYS } from '../overflow.ts';
import type { AlertSettings, KindSettings } from '../settings.ts';
import type { Announcement } from './announcement.ts';
import { NO_VALUE, valueText } from './value-text.ts';

type Words = { readonly [name: string]: string };

/** All that a sentence may tell, under the names of placeholders: the keys of the record, with those of the alert. */
export type Snapshot = { readonly [key: string]: string | number };

const PLACEHOLDER = /\{\{\s*([^{}\s]{1,256})\s*\}\}/g;
const MOST_NAMES = 10;

/** Fills `{{field}}` in one pass: what a value holds is never a placeholder. `alert_…` values have the unit of their field. */
export function fillTemplate(template: string, snapshot: Snapshot, unitOf: (key: string) => string): string {
  return template.replaceAll(PLACEHOLDER, (_whole, key: string) => valueText(unitOf(key), fieldOf(snapshot, key)));
}

/** Moments for people. */
export interface Moments {
  readonly since: string;
  /** When it was read, where that was late. */
  readonly read: string | undefined;
  /** From when the value is, where that is a while ago. */
  readonly seen: string | undefined;
}

/** Writes what an alert says, in the reader's language. */
export class Sentences {
  readonly #settings: AlertSettings;
  readonly #translate: Translate;

  constructor(settings: AlertSettings, translate: Translate) {
    this.#settings = settings;
    this.#translate = translate;
  }

  /** The key that a value is taken from: its name ends in the unit. */
  unitOf = (key: string): string => {
    const { rings } = this.#settings;
    const isFigure = key === 'alert_value' || key === 'alert_limit';
    return isFigure && rings.kind !== 'absence' && rings.kind !== 'match' ? fieldNameOf(rings) : key;
  };

  /** The line of an alert, with its name, its key and the state in front. */
  line(announcement: Announcement, snapshot: Snapshot, { since, read, seen }: Moments): string {
    const { nth } = announcement;
    const what = this.#what(announcement, snapshot);
    const late = read === undefined ? what : this.#words('late', { what, since, read });
    const subject = [snapshot.alert_name, snapshot.alert_key].filter((word) => word !== undefined && word !== '');
    const named = [subject.map((word) => valueText('', word)).join(', '), late]
      .filter((text) => text !== '')
      .join(': ');
    const severity = String(snapshot.alert_severity);
    const values = { what: named, since, nth: String(nth ?? ''), severity, seen: seen ?? '' };
    return this.#words(lineOf(announcement, seen), values);
  }

  #what(announcement: Announcement, snapshot: Snapshot): string {
    const { kind, members = [], key, text: given } = announcement;
    if (given !== undefined) return given;
    if (kind === 'summary') return this.#summary(members);
    if (kind === 'resolved' || kind === 'summary-over') return this.#over(announcement, snapshot);
    if (key.id === TOO_MANY_KEYS.id) return this.#words('tooManyKeys', { limit: String(announcement.value ?? '') });
    const { text, rings } = this.#settings;
    return text === '' ? this.#ofKind(rings, snapshot) : fillTemplate(text, snapshot, this.unitOf);
  }

  #summary(members: readonly string[]): string {
    const names = members.slice(0, MOST_NAMES).map((name) => valueText('', name));
    const rest = members.length - names.length;
    const all = rest > 0 ? this.#words('more', { names: names.join('; '), count: String(rest) }) : names.join('; ');
    return this.#words('summary', { count: String(members.length), names: all });
  }

  #over({ reason, firing, atMs }: Announcement, snapshot: Snapshot): string {
    const seconds = Math.max(0, (atMs - firing.sinceMs) / 1000);
    const words = { duration: seconds < 60 ? `${Math.floor(seconds)} s` : spanText(seconds) };
    const { rings } = this.#settings;
    const key: { readonly [why in EndReason]: string } = {
      time: 'over',
      forgotten: 'forgotten',
      'rule-changed': 'ruleChanged',
      'rule-removed': 'ruleRemoved',
    };
    if (reason !== undefined) return this.#words(key[reason], words);
    const field = rings.kind === 'state' || rings.kind === 'limit' ? rings.field : '';
    const value = fieldOf(snapshot, field);
    if (value === undefined) return this.#words('over', words);
    return this.#words('overValue', { ...words, field, value: valueText(field, value) });
  }

  #ofKind(rings: KindSettings, snapshot: Snapshot): string {
    const figure = (key: string): string => valueText(this.unitOf(key), fieldOf(snapshot, key));
    const [value, limit] = [figure('alert_value'), figure('alert_limit')];
    switch (rings.kind) {
      case 'state':
        return this.#words('state', {
          field: rings.field,
          value: valueText(rings.field, fieldOf(snapshot, rings.field)),
        });
      case 'limit':
        return this.#words('limit', { field: rings.field, value, limit });
      case 'count': {
        const isFull = rings.counts === 'distinct' && Number(snapshot.alert_value) >= rings.threshold;
        const key = isFull ? 'distinctAtLeast' : rings.counts;
        return this.#words(key, {
          field: rings.field,
          value,
          limit,
          window: valueText('_seconds', rings.windowMs / 1000),
        });
      }
      case 'match':
        return valueText('', fieldOf(snapshot, 'caused_by'));
      default:
        return this.#words('absence', { silent: valueText('_seconds', rings.silentMs / 1000) });
    }
  }

  /** Words of the catalogue with values that are foreign text: the catalogue's own machinery gets only marks to put in. */
  #words(key: string, values: Words): string {
    const names = Object.keys(values);
    const marks = Object.fromEntries(names.map((name, at) => [name, `\u0001${at}\u0001`]));
    const text = this.#translate(`say.${key}`, marks);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks
    return text.replaceAll(/\u0001(\d+)\u0001/g, (_mark, at: string) => values[names[Number(at)] ?? ''] ?? NO_VALUE);
  }
}

function lineOf({ kind }: Announcement, seen: string | undefined): string {
  if (kind === 'summary-over') return 'resolved';
  if (kind === 'summary') return 'firing';
  return kind === 'reminder' && seen !== undefined ? 'reminderStale' : kind;
}

function fieldNameOf(rings: KindSettings): string {
  if (rings.kind === 'count') return rings.counts === 'sum' ? rings.field : '';
  return 'field' in rings ? rings.field : '';
}
