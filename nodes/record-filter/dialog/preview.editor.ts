import type {} from 'node-red';
import type { Translate } from '../../../lib/status.ts';

/** What of the last records passes, as the route `preview` answers. */
interface Preview {
  readonly total: number;
  readonly passed: number;
  readonly droppedByRules: number;
  readonly droppedByLimit: number;
  readonly perRule: readonly number[];
  readonly last: readonly {
    readonly time: number | string;
    readonly source: string;
    readonly message: string;
    readonly why: string;
  }[];
}

const ROWS = 3;
/** Whoever types is let finish the word. */
const PAUSE_MS = 400;

/** The panel that tries the rules of the form on the last records. */
export class PreviewPanel {
  readonly #text: Translate;
  readonly #settings: () => object | undefined;
  readonly #panel = $('#record-filter-preview');
  readonly #showHits: (perRule: readonly number[]) => void;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `settings` gives what is in the form, or undefined while it is wrong. */
  constructor(text: Translate, settings: () => object | undefined, showHits: (perRule: readonly number[]) => void) {
    this.#text = text;
    this.#settings = settings;
    this.#showHits = showHits;
    $('#record-filter-refresh').on('click', () => this.refresh());
  }

  /** Looks again once nothing has changed for a moment. */
  refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  refresh(): void {
    clearTimeout(this.#timer);
    if (!this.#isOpen) return;
    this.#asked += 1;
    const asked = this.#asked;
    const settings = this.#settings();
    if (settings === undefined) {
      this.#say(this.#text('record-filter.preview.wrong'), undefined);
      this.#showHits([]);
      return;
    }
    $.ajax({
      url: 'infra-monitoring/record-filter/preview',
      type: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(settings),
    })
      .done((preview: Preview) => {
        // An answer to an older question is overtaken by the next one.
        if (asked === this.#asked && this.#isOpen) this.#show(preview);
      })
      .fail(({ responseJSON, status }) => {
        if (!this.#isOpen) return;
        const fault: unknown = Reflect.get(Object(responseJSON), 'fault');
        const isThere = status !== 404 && typeof fault === 'string';
        this.#fail(isThere ? fault : this.#text('record-filter.preview.noAnswer'));
      });
  }

  /** The dialog may have been closed while a question was open: its rows are no list any more. */
  get #isOpen(): boolean {
    return document.contains(this.#panel[0] ?? null);
  }

  #fail(reason: string): void {
    this.#say(this.#text('record-filter.preview.failed', { reason }), false);
    this.#showHits([]);
  }

  #say(words: string, isGood: boolean | undefined): void {
    $('#record-filter-preview')
      .toggleClass('im-good', isGood === true)
      .toggleClass('im-bad', isGood === false);
    $('#record-filter-total').text(words);
    $('#record-filter-sums').text('');
    $('#record-filter-bar').hide();
    $('#record-filter-last').empty();
  }

  #show({ total, passed, droppedByRules, droppedByLimit, perRule, last }: Preview): void {
    const text = this.#text;
    if (total === 0) {
      this.#say(text('record-filter.preview.none'), undefined);
      this.#showHits([]);
      return;
    }
    const count = (value: number): string => value.toLocaleString('en-US');
    this.#say(text('record-filter.preview.passed', { total: count(total), passed: count(passed) }), true);
    const sums = [text('record-filter.preview.byRules', { count: count(droppedByRules) })];
    if (droppedByLimit > 0) sums.push(text('record-filter.preview.overLimit', { count: count(droppedByLimit) }));
    $('#record-filter-sums').text(sums.join(', '));
    const bar = $('#record-filter-bar').show().children();
    for (const [index, part] of [passed, droppedByRules, droppedByLimit].entries())
      bar.eq(index).css('width', `${(100 * part) / total}%`);
    $('#record-filter-last').append(last.slice(0, ROWS).map((record) => rowOf(record)));
    this.#showHits(perRule);
  }
}

function rowOf({ time, source, message, why }: Preview['last'][number]): JQuery {
  const at = new Date(time);
  const shown = Number.isNaN(at.getTime()) ? String(time) : at.toLocaleTimeString('en-GB');
  const cell = (value: string, width: string): JQuery => $('<td>').css('width', width).text(value).attr('title', value);
  const text = $('<td>').css('font-family', 'var(--red-ui-monospace-font)').text(message).attr('title', message);
  return $('<tr>').append(cell(shown, '64px'), cell(source, '90px'), text, cell(why, '110px'));
}
