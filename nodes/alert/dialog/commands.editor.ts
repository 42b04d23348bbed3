import type {} from 'node-red';
import type { Translate } from '../../../lib/status.ts';

/** What the dialog and the button ask of the alert that runs. */

export type Command =
  | { readonly silence: string }
  | { readonly wake: true }
  /** The button of the node: silent for an hour, or awake where it is silent by hand. */
  | { readonly toggle: true }
  | { readonly acknowledge: true; readonly alert_key?: string };

export function post(path: string, body: object): JQuery.jqXHR {
  return $.ajax({
    url: `infra-monitoring/alert/${path}`,
    type: 'POST',
    contentType: 'application/json',
    data: JSON.stringify(body),
  });
}

/** Sends a command to the deployed node and tells how it went, in words. */
export function command(
  id: string,
  what: Command,
  text: Translate,
  tell: (words: string, isGood: boolean) => void,
): void {
  post(`${encodeURIComponent(id)}/silence`, what)
    .done((answer: unknown) => tell(doneWords(what, answer, text), true))
    .fail(({ responseJSON, status }) => tell(faultWords(responseJSON, status, text), false));
}

export function faultWords(answer: unknown, status: number, text: Translate): string {
  const fault: unknown = Reflect.get(Object(answer), 'fault');
  if (typeof fault === 'string') return fault;
  return text(status === 404 ? 'alert.answer.notDeployed' : 'alert.answer.noAnswer');
}

function doneWords(what: Command, answer: unknown, text: Translate): string {
  const { silentUntil, firing } = Object(answer) as { silentUntil?: unknown; firing?: unknown };
  const until = typeof silentUntil === 'string' ? new Date(silentUntil) : undefined;
  const rings = typeof firing === 'number' && firing > 0 ? ` ${text('alert.answer.firing', { count: firing })}` : '';
  if ('acknowledge' in what) {
    const { alert_key: key } = what;
    return (
      (key === undefined ? text('alert.answer.acknowledged') : text('alert.answer.acknowledgedOne', { key })) + rings
    );
  }
  if (until === undefined || Number.isNaN(until.getTime())) return text('alert.answer.awake') + rings;
  return text('alert.answer.silent', { until: momentOf(until) }) + rings;
}

/** The time of day, with its day where that is not today, by the clock of whoever sits here; the zone is written out. */
export function momentOf(time: Date): string {
  const isToday = time.toDateString() === new Date().toDateString();
  const day = isToday ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return time.toLocaleString('en-GB', { ...day, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
}
