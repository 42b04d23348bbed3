import type {} from 'node-red';
import type { Translate } from '../../../lib/status.ts';
import { WEEKDAYS, type Weekday } from '../silence-schedule.ts';

/** Monday first, as a week is planned. */
const ORDER: readonly Weekday[] = [...WEEKDAYS.slice(1), ...WEEKDAYS.slice(0, 1)];

/** A switch for each day of the week; none of them stands for every day. `label` says what the days are for. */
export class Days {
  readonly element: JQuery;
  readonly #hint: JQuery;

  constructor(text: Translate, label: string, saved: unknown, changed: () => void) {
    const chosen: readonly unknown[] = Array.isArray(saved) ? saved : [];
    this.element = $('<span class="alert-days" role="group">').attr('aria-label', label);
    this.#hint = $('<span class="im-hint">').text(text('alert.days.every'));
    for (const day of ORDER) {
      const box = $('<input type="checkbox">').val(day).prop('checked', chosen.includes(day));
      $('<label class="alert-day">')
        .append(box, $('<span>').text(text(`alert.days.${day}`)))
        .appendTo(this.element);
    }
    this.element.append(this.#hint).on('change', () => {
      this.#showHint();
      changed();
    });
    this.#showHint();
  }

  get days(): Weekday[] {
    const chosen = this.element
      .find('input:checked')
      .get()
      .map((box) => String($(box).val()));
    return WEEKDAYS.filter((day) => chosen.includes(day));
  }

  #showHint(): void {
    this.#hint.toggle(this.days.length === 0);
  }
}
