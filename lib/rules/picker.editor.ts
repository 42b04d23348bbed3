import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

export interface Offer {
  readonly value: string;
  /** Stands at the right: the last value seen, or which records have the field. */
  readonly note?: string;
  readonly isSeen?: boolean;
}

const LONGEST_NOTE = 24;
const LIST_HEIGHT_PX = 264;

/**
 * Offers texts below an input while it is typed in. A text that is not offered may stand: nothing is taken over but by a
 * click, or by Enter on what the arrows marked.
 */
export class Picker {
  readonly #input: JQuery;
  readonly #list: JQuery;
  readonly #offersFor: (typed: string) => readonly Offer[];
  /** What happens with a pick; unset it goes into the input, as if it had been typed. */
  onPick: ((value: string) => void) | undefined;
  #offers: readonly Offer[] = [];
  #marked = -1;

  /** `label`: what the list of offers is called. A pick is an `input` and a `change` event of the input. */
  constructor(input: JQuery, label: string, offersFor: (typed: string) => readonly Offer[]) {
    const id = `im-offers-${RED.nodes.id()}`;
    this.#input = input;
    this.#offersFor = offersFor;
    this.#list = $('<div class="im-offers" role="listbox">')
      .attr({ id, 'aria-label': label })
      .hide()
      .insertAfter(input);
    input
      .attr({ role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false' })
      .attr('aria-controls', id)
      .on('input', () => this.#show(this.#typed))
      .on('mousedown', () => this.#show(''))
      .on('blur', () => this.#hide())
      .on('keydown', (event) => this.#onKey(event));
    // A press on the list must not take the focus from the input, which would close the list before the click.
    this.#list.on('mousedown', (event) => event.preventDefault());
  }

  get #typed(): string {
    return String(this.#input.val() ?? '');
  }

  get #isOpen(): boolean {
    return this.#input.attr('aria-expanded') === 'true';
  }

  #show(typed: string): void {
    this.#offers = this.#offersFor(typed);
    const isAsItStands = this.#offers.length === 1 && this.#offers[0]?.value === typed;
    if (this.#offers.length === 0 || isAsItStands) {
      this.#hide();
      return;
    }
    this.#marked = -1;
    const id = this.#list.attr('id');
    this.#list.empty().append(this.#offers.map((offer, index) => this.#row(offer, `${id}-${index}`)));
    this.#place();
    this.#list.show().scrollTop(0);
    this.#input.attr('aria-expanded', 'true').removeAttr('aria-activedescendant');
  }

  #row(offer: Offer, id: string): JQuery {
    const { value, note = '', isSeen } = offer;
    const shown = note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE)}…` : note;
    return $('<div class="im-offer" role="option">')
      .attr('id', id)
      .append($('<span class="im-offer-value">').text(value))
      .append(
        $('<span class="im-offer-note">')
          .toggleClass('im-seen', isSeen === true)
          .text(shown),
      )
      .on('click', () => this.#take(value));
  }

  /** Below the input, or above it where there is more room. The list is placed in the window: no box around it cuts it. */
  #place(): void {
    const box = this.#input[0]?.getBoundingClientRect();
    if (box === undefined) return;
    const below = window.innerHeight - box.bottom - 8;
    const isBelow = below >= Math.min(LIST_HEIGHT_PX, box.top);
    this.#list.css({
      left: box.left,
      minWidth: Math.max(box.width, 300),
      maxHeight: Math.min(LIST_HEIGHT_PX, isBelow ? below : box.top - 8),
      top: isBelow ? box.bottom : '',
      bottom: isBelow ? '' : window.innerHeight - box.top,
    });
  }

  #onKey(event: JQuery.KeyDownEvent): void {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      if (this.#isOpen) this.#mark(this.#marked + (key === 'ArrowDown' ? 1 : -1));
      else this.#show('');
    } else if (key === 'Enter' && this.#isOpen && this.#marked >= 0) {
      event.preventDefault();
      this.#take(this.#offers[this.#marked]?.value ?? '');
    } else if (key === 'Escape' && this.#isOpen) {
      // Escape closes the list, not the dialog.
      event.stopPropagation();
      this.#hide();
    }
  }

  #mark(index: number): void {
    const rows = this.#list.children();
    this.#marked = (index + rows.length) % rows.length;
    const marked = rows.removeClass('im-marked').attr('aria-selected', 'false').eq(this.#marked);
    marked.addClass('im-marked').attr('aria-selected', 'true')[0]?.scrollIntoView({ block: 'nearest' });
    this.#input.attr('aria-activedescendant', marked.attr('id') ?? '');
  }

  #take(value: string): void {
    this.#hide();
    if (this.onPick !== undefined) this.onPick(value);
    else this.#input.val(value).trigger('input').trigger('change');
    this.#hide();
  }

  #hide(): void {
    this.#list.hide();
    this.#input.attr('aria-expanded', 'false').removeAttr('aria-activedescendant');
  }
}
