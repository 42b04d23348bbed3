import { MonitoringError } from '../../lib/errors.ts';
import { membersOf } from './judge/judge.ts';

/** What an `alert` can be asked to do without a Deploy. `key` is a key as people see it. */
export type Command =
  | { readonly action: 'silence'; readonly ms: number; readonly key?: string | undefined }
  | { readonly action: 'wake' | 'acknowledge'; readonly key?: string | undefined };

const UNITS = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** By hand nobody silences for longer: a silence that is forgotten is one for years. */
const MOST_MS = 30 * UNITS.d;
const DURATION = /^(\d{1,5}) ?(m|min|h|d)$/;
const ACTIONS = ['silence', 'wake', 'acknowledge'] as const;
const LONGEST_KEY = 2_048;

/** "90m", "2h", "1 d", as ms; undefined for anything else, and for what is longer than 30 days or no time at all. */
export function parseSilence(value: unknown): number | undefined {
  const match = typeof value === 'string' ? DURATION.exec(value.trim()) : null;
  if (match === null) return undefined;
  const ms = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return ms > 0 && ms <= MOST_MS ? ms : undefined;
}

/**
 * `{silence: '2h'}`, `{wake: true}` or `{acknowledge: true}`, each with `alert_key` where it is meant for one key. Throws
 * `ALERT_COMMAND` or `ALERT_SILENCE` for anything else: a command that is not understood must not look like one that is.
 */
export function parseCommand(value: unknown): Command {
  const shown = (what: unknown): { value: string } => ({ value: (JSON.stringify(what) ?? String(what)).slice(0, 60) });
  const { alert_key: key, ...rest } = membersOf(value);
  const named = Object.keys(rest);
  const action = ACTIONS.find((one) => named.length === 1 && named[0] === one);
  const isKey = key === undefined || (typeof key === 'string' && key !== '' && key.length <= LONGEST_KEY);
  if (action === undefined || !isKey) throw new MonitoringError('ALERT_COMMAND', shown(value));
  if (action === 'silence') {
    const ms = parseSilence(rest.silence);
    if (ms === undefined) throw new MonitoringError('ALERT_SILENCE', shown(rest.silence));
    return { action, ms, key };
  }
  if (rest[action] !== true) throw new MonitoringError('ALERT_COMMAND', shown(value));
  return { action, key };
}
