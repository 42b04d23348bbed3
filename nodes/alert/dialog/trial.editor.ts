import type {} from 'node-red';
import { shortSpanText } from '../../../lib/duration.ts';
import type { Translate } from '../../../lib/status.ts';
import type { AlertProperties } from '../properties.ts';
import { faultWords, post } from './commands.editor.ts';

/** When the rule of the form would have rung, as the route `try` answers. */
interface Trial {
  /** Since when there are records, in ms since 1970 or ISO 8601. */
  readonly since: number | string;
  readonly records: number;
  readonly fitting: number;
  readonly keys: number;
  readonly rang: readonly {
    readonly key: string;
    readonly from: number | string;
    readonly to?: number | string | null;
    readonly highest?: number | null;
    readonly isOver: boolean;
  }[];
  readonly now: readonly { readonly key: string; readonly value?: number | string | null }[];
  readonly fault?: string;
}

const MOST_SHOWN = 5;

/** The panel below the buttons Test and Try. */
export class AnswerPanel {
  readonly #panel: JQuery;
  readonly #text: Translate;

  constructor(panel: JQuery, text: Translate) {
    this.#panel = panel;
    this.#text = text;
  }

  say(words: string, isGood: boolean | undefined, details: readonly string[] = []): void {
    this.#panel
      .removeClass('im-good im-bad')
      .toggleClass('im-good', isGood === true)
      .toggleClass('im-bad', isGood === false)
      .empty()
      .append(
        $('<b>').text(words),
        details.map((detail) => $('<div class="im-hint">').text(detail)),
      );
    this.#panel[0]?.scrollIntoView({ block: 'nearest' });
  }

  /** A marked firing and its end through the wires of the node that runs. */
  test(id: string): void {
    this.say(this.#text('alert.answer.running'), undefined);
    post(`${encodeURIComponent(id)}/test`, {})
      .done(() => this.say(this.#text('alert.answer.tested'), true))
      .fail(({ responseJSON, status }) => this.say(faultWords(responseJSON, status, this.#text), false));
  }

  /** Runs the rule of the form over the records of the last hour. */
  tryOut(settings: AlertProperties & { readonly id: string }): void {
    this.say(this.#text('alert.answer.running'), undefined);
    post('try', settings)
      .done((trial: Trial) => this.#show(trial, settings))
      .fail(({ responseJSON, status }) => {
        const words =
          status === 404 ? this.#text('alert.answer.noAnswer') : faultWords(responseJSON, status, this.#text);
        this.say(words, false);
      });
  }

  #show({ since, records, fitting, keys, rang, now, fault }: Trial, { kind, threshold }: AlertProperties): void {
    const text = this.#text;
    if (fault !== undefined) {
      this.say(fault, false);
      return;
    }
    const count = (value: number): string => value.toLocaleString('en-US');
    const details = rang.slice(0, MOST_SHOWN).map((ring) => this.#ringWords(ring));
    if (rang.length > MOST_SHOWN) details.push(text('alert.try.more', { count: rang.length - MOST_SHOWN }));
    const back = shortSpanText(Math.max(0, Date.now() - new Date(since).getTime()) / 1000);
    const sums = { fitting: count(fitting), records: count(records), keys: count(keys), back };
    details.push(text(keys > 1 ? 'alert.try.fittingKeys' : 'alert.try.fitting', sums));
    const nearing = kind === 'count' ? now.filter(({ value }) => Number(value) > 0) : [];
    const values = nearing.map(({ key, value }) => {
      const words = text('alert.try.of', { value: value ?? 0, limit: threshold });
      return key === '' ? words : `${words}, ${key}`;
    });
    if (values.length > 0) details.push(text('alert.try.now', { values: values.slice(0, MOST_SHOWN).join('; ') }));
    const times = rang.length === 0 ? 'never' : rang.length === 1 ? 'once' : 'times';
    this.say(text(`alert.try.${times}`, { count: count(rang.length), since: clock(since) }), true, details);
  }

  #ringWords({ key, from, to, highest, isOver }: Trial['rang'][number]): string {
    const isOpen = !isOver || to === undefined || to === null;
    const span = { from: clock(from), to: isOpen ? '' : clock(to) };
    const words = [this.#text(isOpen ? 'alert.try.stillRinging' : 'alert.try.span', span)];
    if (key !== '') words.push(key);
    if (highest !== undefined && highest !== null) words.push(this.#text('alert.try.highest', { value: highest }));
    return words.join(', ');
  }
}

function clock(time: number | string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return String(time);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return at.toLocaleString('en-GB', { ...day, hour: '2-digit', minute: '2-digit' });
}
