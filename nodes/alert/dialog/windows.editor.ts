import type {} from 'node-red';
import type { Translate } from '../../../lib/status.ts';
import { isZone } from '../../../lib/time-zone.ts';
import { parseTimeOfDay, SilenceSchedule, type SilenceWindow } from '../silence-schedule.ts';
import { Days } from './days.editor.ts';

/** A window of the week as a flow keeps it. */
export interface SavedWindow {
  readonly days: string[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

interface Row {
  readonly element: JQuery;
  readonly days: Days;
  readonly from: JQuery;
  readonly to: JQuery;
  readonly zone: JQuery;
  readonly next: JQuery;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NEW_WINDOW = { days: [], from: '22:00', to: '06:00' };

/** The rows of recurring silence: days, from, to, zone, and when the next one begins. */
export class SilenceWindows {
  readonly #place: JQuery;
  readonly #text: Translate;
  readonly #changed: () => void;
  #rows: Row[] = [];

  constructor(place: JQuery, add: JQuery, text: Translate, saved: unknown, changed: () => void) {
    this.#place = place;
    this.#text = text;
    this.#changed = changed;
    for (const window of Array.isArray(saved) ? (saved as unknown[]) : []) this.#add(Object(window));
    add.on('click', () =>
      this.#add({ ...NEW_WINDOW, zone: ownZone() })
        .from.trigger('focus')
        .trigger('select'),
    );
  }

  get windows(): SavedWindow[] {
    const textOf = (input: JQuery): string => String(input.val() ?? '').trim();
    return this.#rows.map(({ days, from, to, zone }) => ({
      days: days.days,
      from: textOf(from),
      to: textOf(to),
      zone: textOf(zone),
    }));
  }

  /** Marks the row that is wrong, by its number; none where undefined. */
  markRow(row: number | undefined, code = ''): void {
    for (const [index, { from, to, zone }] of this.#rows.entries()) {
      const isWrong = index + 1 === row;
      zone.toggleClass('input-error', isWrong && code === 'ALERT_ZONE');
      for (const input of [from, to])
        input.toggleClass('input-error', isWrong && parseTimeOfDay(String(input.val())) === undefined);
    }
  }

  #add(saved: { readonly [name: string]: unknown }): Row {
    const input = (name: string, style: string): JQuery =>
      $(`<input type="text" class="${style}">`)
        .val(String(saved[name] ?? ''))
        .attr({
          'aria-label': this.#text(`alert.silence.${name}`),
          placeholder: this.#text(`alert.silence.${name}Like`),
        });
    const days = new Days(this.#text, this.#text('alert.silence.days'), saved.days, () => this.#onChange());
    const [from, to] = [input('from', 'im-time'), input('to', 'im-time')];
    const zone = input('zone', 'im-grow').attr('list', 'alert-zones');
    const next = $('<span class="im-hint">');
    const remove = $(
      '<button type="button" class="red-ui-button red-ui-button-small"><i class="fa fa-trash-o"></i></button>',
    ).attr('aria-label', this.#text('alert.silence.remove'));
    const element = $('<div class="alert-window">').append(
      $('<div class="im-line">').append(days.element),
      $('<div class="im-line">').append(from, $('<span>').text(this.#text('alert.silence.until')), to, zone, remove),
      next,
    );
    const row: Row = { element, days, from, to, zone, next };
    this.#rows.push(row);
    element.appendTo(this.#place).on('input change', () => this.#onChange());
    remove.on('click', () => {
      element.remove();
      this.#rows = this.#rows.filter((other) => other !== row);
      this.#onChange();
    });
    this.#onChange();
    return row;
  }

  #onChange(): void {
    for (const [index, window] of this.windows.entries())
      this.#rows[index]?.next.text(nextOf(window, this.#text, Date.now()));
    this.#changed();
  }
}

/** The zone of whoever sits here: that is what is meant by a time that is typed. */
function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** When the window is next, for people; empty where it says no time yet, or is on the clock of the host, which is not known here. */
function nextOf({ days, from, to, zone }: SavedWindow, text: Translate, nowMs: number): string {
  const [begin, end] = [parseTimeOfDay(from), parseTimeOfDay(to)];
  if (begin === undefined || begin === 1_440 || end === undefined || zone === '' || !isZone(zone)) return '';
  const schedule = new SilenceSchedule([{ days: days as SilenceWindow['days'], from: begin, to: end, zone }]);
  const isNow = schedule.isSilent(nowMs);
  const atMs = isNow ? schedule.endOf(nowMs) : schedule.nextStart(nowMs);
  if (atMs === undefined || !Number.isFinite(atMs)) return isNow ? text('alert.silence.always') : '';
  const at = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
  const when = at.format(atMs).replace(',', '');
  return text(isNow ? 'alert.silence.now' : 'alert.silence.next', { when, within: spanOf(atMs - nowMs, text) });
}

function spanOf(ms: number, text: Translate): string {
  if (ms >= 2 * DAY_MS) return text('alert.span.days', { count: Math.round(ms / DAY_MS) });
  if (ms >= HOUR_MS) return text('alert.span.hours', { count: Math.round(ms / HOUR_MS) });
  return text('alert.span.minutes', { count: Math.max(1, Math.ceil(ms / MINUTE_MS)) });
}
