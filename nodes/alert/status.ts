import { clockText } from '../../lib/moment.ts';
import type { Arguments, State } from '../../lib/status.ts';
import type { Notices } from './engine-options.ts';
import type { Firing } from './firing.ts';
import type { AlertKey } from './key.ts';
import { valueText, withoutHalf } from './say/value-text.ts';

/** What a status is made of. */
export interface AlertView {
  readonly firing: readonly { readonly key: AlertKey; readonly firing: Firing }[];
  readonly fitting: number;
  /** What was not judged in the last minutes. */
  readonly notices: Notices;
  /** The field that the rule reads, and the fields of its keys. */
  readonly field: string;
  readonly each: string;
  /** When the silence of now ends, in ms since the epoch; undefined where there is none. */
  readonly silentUntilMs: number | undefined;
  /** The name of the alert that holds this one back now. */
  readonly heldBy: string | undefined;
  readonly isPaused: boolean;
  readonly isWired: boolean;
  /** Of a count: how far the highest of the keys that do not ring is. */
  readonly nearest: { readonly key: AlertKey; readonly value: number } | undefined;
  readonly threshold: number;
  /** What rings when it has lasted for as long as the rule asks: when that is, in ms since the epoch. */
  readonly due: { readonly key: string; readonly dueMs: number } | undefined;
}

export interface Shown {
  readonly state: State;
  readonly key: string;
  readonly args?: Arguments;
}

const MOST = 24;
/** So many records without a field are no accident. */
const MANY_WITHOUT = 20;
const NAMED = ['not-a-number', 'negative', 'no-key', 'no-room', 'clock-ahead'] as const;

/** A text of at most so many characters, cut in its middle. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${withoutHalf(text.slice(0, head))}…${text.slice(text.length - (most - 1 - head))}`;
}

/** What stands under an alert: what matters most, in at most 24 characters. `zone` is an IANA name. */
export function statusOf(view: AlertView, zone: string): Shown {
  return (
    quiet(view, zone) ??
    ringing(view, zone) ??
    broken(view) ??
    nearing(view) ??
    due(view, zone) ??
    noticed(view) ??
    waiting(view)
  );
}

function quiet({ firing, silentUntilMs, heldBy }: AlertView, zone: string): Shown | undefined {
  const count = firing.length;
  if (silentUntilMs !== undefined) {
    // A silence without an end is one of the schedule that covers the whole week.
    if (!Number.isFinite(silentUntilMs)) return { state: 'idle', key: 'alwaysSilent' };
    const time = clockText(zone)(silentUntilMs);
    return { state: 'idle', key: count === 0 ? 'silent' : 'silentFiring', args: { time, count } };
  }
  return heldBy === undefined ? undefined : { state: 'idle', key: 'held', args: { name: shortened(heldBy, MOST - 8) } };
}

function ringing({ firing }: AlertView, zone: string): Shown | undefined {
  if (firing.length === 0) return undefined;
  const sinceMs = Math.min(...firing.map(({ firing: { sinceMs: since } }) => since));
  const time = clockText(zone)(sinceMs);
  const text = firing.length === 1 ? (firing[0]?.key.text ?? '') : '';
  if (text !== '') return { state: 'bad', key: 'one', args: { key: shortened(text, MOST - 13), time } };
  return { state: 'bad', key: 'firing', args: { count: firing.length, time } };
}

function broken({ isPaused, isWired, notices, field, fitting }: AlertView): Shown | undefined {
  if (!isWired) return { state: 'warning', key: 'notWired' };
  if (isPaused) return { state: 'idle', key: 'paused' };
  const without = notices['no-field'] ?? 0;
  if (without >= MANY_WITHOUT && without >= fitting)
    return { state: 'fault', key: 'noField', args: { field: shortened(field, MOST - 11) } };
  return undefined;
}

function noticed({ notices, each }: AlertView): Shown | undefined {
  const name = NAMED.find((one) => (notices[one] ?? 0) > 0);
  if (name === undefined) return undefined;
  const count = notices[name] ?? 0;
  return { state: 'warning', key: `notice.${name}`, args: { count, each: shortened(each, 12) } };
}

function nearing({ nearest, threshold }: AlertView): Shown | undefined {
  // Half of the way is worth a look, less is every day's noise.
  if (nearest === undefined || nearest.value * 2 < threshold || nearest.value <= 0) return undefined;
  const values = { value: valueText('', nearest.value), limit: valueText('', threshold) };
  const room = MOST - 6 - values.value.length - values.limit.length;
  if (nearest.key.text === '') return { state: 'warning', key: 'nearing', args: values };
  const key = shortened(nearest.key.text, Math.max(3, room));
  return { state: 'warning', key: 'nearingKey', args: { ...values, key } };
}

function due({ due: first }: AlertView, zone: string): Shown | undefined {
  if (first === undefined) return undefined;
  const time = clockText(zone)(first.dueMs);
  if (first.key === '') return { state: 'warning', key: 'due', args: { time } };
  return { state: 'warning', key: 'dueKey', args: { key: shortened(first.key, MOST - 14), time } };
}

function waiting({ fitting }: AlertView): Shown {
  return fitting === 0 ? { state: 'idle', key: 'waiting' } : { state: 'ok', key: 'ok' };
}
