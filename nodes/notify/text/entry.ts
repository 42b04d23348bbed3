import { figureText, secondsText } from '../../../lib/figure-text.ts';
import type { MomentText } from '../../../lib/moment.ts';
import type { Translate } from '../../../lib/status.ts';
import {
  type Alert,
  type AlertSeverity,
  durationSeconds,
  isTest,
  numberOf,
  severityOf,
  sinceMs,
  textOf,
  valueKeyOf,
} from '../alert.ts';
import type { Line, Said } from '../plan.ts';
import { cut } from './clean.ts';

/** What colour and emoji stand for: the state now. */
export type Tone = AlertSeverity | 'resolved';

/** What is said of one alert, as text without markup. */
export interface Entry {
  readonly line: Line;
  readonly tone: Tone;
  /** On one line. */
  readonly title: string;
  readonly text: string;
  readonly isQuiet: boolean;
}

/** How people are spoken to. `translate` gives the words of the node's catalogue. */
export interface Speech {
  readonly translate: Translate;
  readonly moment: MomentText;
  /** What is to be said beside the alerts. */
  readonly note?: string;
  /** Without the markup of the service: the last try. */
  readonly isPlain?: boolean;
}

export const EMOJI: { readonly [tone in Tone]: string } = {
  critical: '🔴',
  error: '🔴',
  warning: '🟡',
  notice: '🔵',
  resolved: '🟢',
};

const ENDS: ReadonlySet<Said> = new Set<Said>(['resolved', 'brief', 'untold', 'removed']);
const MOST_NAME = 120;
const NAMELESS = '–';

export function isEnd({ said }: Line): boolean {
  return ENDS.has(said);
}

export function entryOf(line: Line, nowMs: number, { translate, moment }: Speech): Entry {
  const { said, alert } = line;
  const severity = severityOf(alert);
  const tone = isEnd(line) ? 'resolved' : severity;
  const title = translate(`text.${said}`, {
    what: whatOf(alert),
    severity: translate(`severity.${severity}`),
    span: secondsText(spanSeconds(line)),
  });
  const message = textOf(alert.record, 'message');
  const facts = [valueText(alert, translate), timeText(line, nowMs, translate, moment)].filter((fact) => fact !== '');
  return {
    line,
    tone,
    title: `${isTest(alert) ? `${translate('text.test')} ` : ''}${EMOJI[tone]} ${title}`,
    text: [message, facts.join(' · ')].filter((part) => part !== '').join('\n'),
    isQuiet: alert.isQuiet || tone === 'resolved' || tone === 'notice',
  };
}

/** Name, key and host. */
function whatOf({ record }: Alert): string {
  const [name, key, host] = ['alert_name', 'alert_key', 'host'].map((field) => cut(textOf(record, field), MOST_NAME));
  const what =
    [name || cut(textOf(record, 'message'), MOST_NAME), key].filter((part) => part !== '').join(', ') || NAMELESS;
  return host === '' ? what : `${what} (${host})`;
}

function spanSeconds({ alert, firing }: Line): number {
  if (firing === undefined || numberOf(alert.record, 'alert_duration_seconds') !== undefined)
    return durationSeconds(alert);
  return Math.max(0, (alert.arrivedMs - sinceMs(firing)) / 1000);
}

function valueText(alert: Alert, translate: Translate): string {
  const value = numberOf(alert.record, 'alert_value');
  if (value === undefined) return '';
  const key = valueKeyOf(alert);
  const limit = numberOf(alert.record, 'alert_limit');
  const text = figureText(key, value);
  return limit === undefined ? text : translate('text.limit', { value: text, limit: figureText(key, limit) });
}

function timeText(line: Line, nowMs: number, translate: Translate, moment: MomentText): string {
  const { said, alert, firing } = line;
  const since = sinceMs(firing ?? alert);
  const begun = moment(since, nowMs);
  if (!isEnd(line)) return translate('text.since', { begun });
  const span = spanSeconds(line);
  // The day stands there where it is another one.
  const over = moment(since + span * 1000, since);
  const key = said === 'untold' ? 'text.nobody' : alert.isRemoved ? 'text.gone' : 'text.over';
  return translate(key, { begun, over, span: secondsText(span) });
}
