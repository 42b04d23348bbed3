import type {} from 'node-red';
import type { Translate } from '../../../lib/status.ts';
import { type Command, momentOf } from './commands.editor.ts';

/** What fires, as the route `firing` answers. */
interface Firing {
  readonly count: number;
  readonly firing: readonly {
    readonly key: string;
    readonly since: string;
    readonly isTold: boolean;
    readonly isAcknowledged: boolean;
  }[];
}

/** What rings of the node that runs, each with a button that acknowledges it. Empty while nothing rings. */
export class FiringList {
  readonly #list: JQuery;
  readonly #id: string;
  readonly #text: Translate;
  readonly #send: (command: Command) => void;

  constructor(list: JQuery, id: string, text: Translate, send: (command: Command) => void) {
    this.#list = list;
    this.#id = id;
    this.#text = text;
    this.#send = send;
    this.load();
  }

  /** Asks the node that runs. */
  load(): void {
    $.getJSON(`infra-monitoring/alert/${encodeURIComponent(this.#id)}/firing`)
      .done((answer: Firing) => this.#show(answer))
      .fail(() => this.#list.empty());
  }

  #show({ count, firing }: Firing): void {
    this.#list.empty().append(firing.map((one) => this.#line(one)));
    if (count > firing.length)
      $('<li class="im-hint">')
        .text(this.#text('alert.firing.more', { count: count - firing.length }))
        .appendTo(this.#list);
  }

  #line({ key, since, isTold, isAcknowledged }: Firing['firing'][number]): JQuery {
    const text = this.#text;
    const words = text(key === '' ? 'alert.firing.alone' : 'alert.firing.one', {
      key,
      since: momentOf(new Date(since)),
    });
    const line = $('<li class="alert-fires">').append($('<span>').text(words).attr('title', words));
    if (isAcknowledged || !isTold)
      return line.append(
        $('<i class="im-hint">').text(text(`alert.firing.${isAcknowledged ? 'acknowledged' : 'untold'}`)),
      );
    const command: Command = { acknowledge: true, ...(key !== '' && { alert_key: key }) };
    return line.append(
      $('<button type="button" class="red-ui-button red-ui-button-small">')
        .text(text('alert.firing.acknowledge'))
        .attr('aria-label', text('alert.firing.acknowledgeOne', { key }))
        .on('click', () => this.#send(command)),
    );
  }
}
