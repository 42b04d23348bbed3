/**
 * The status below a node. It is set only when it changes. A fault and its end are logged once each, at the change and
 * not at every retry. Texts are keys of the node's locale catalogue.
 */

/** With `bad` the node works and what it watches is in a bad way: that is data and no error. */
export type State = 'ok' | 'idle' | 'busy' | 'warning' | 'bad' | 'fault';

interface Sign {
  fill: 'green' | 'grey' | 'blue' | 'yellow' | 'red';
  shape: 'dot' | 'ring';
}

const SIGNS: Record<State, Sign> = {
  ok: { fill: 'green', shape: 'dot' },
  idle: { fill: 'grey', shape: 'ring' },
  busy: { fill: 'blue', shape: 'ring' },
  warning: { fill: 'yellow', shape: 'ring' },
  bad: { fill: 'red', shape: 'dot' },
  fault: { fill: 'red', shape: 'ring' },
};

export type Arguments = { [name: string]: string | number };

/** The part of a Node-RED node that a reporter needs. */
export interface ReportingNode {
  status(status: Sign & { text: string }): void;
  log(text: string): void;
  warn(text: string): void;
  error(text: string, msg: Record<string, unknown>): void;
}

export type Translate = (key: string, args?: Arguments) => string;

/** The status of one node. */
export class StatusReporter {
  readonly #node: ReportingNode;
  readonly #translate: Translate;
  #shown = '';
  /** The fault that was raised last and has not ended. */
  #fault: string | undefined;

  constructor(node: ReportingNode, translate: Translate) {
    this.#node = node;
    this.#translate = translate;
  }

  /**
   * Shows `key` of the catalogue with its arguments. A fault goes to the log and to Catch nodes when `fault` (by
   * default the key with its arguments) is not the one reported last; what ends a fault is logged once.
   */
  report(state: State, key: string, args?: Arguments, fault?: string): void {
    const text = this.#translate(key, args);
    this.#show(state, text);
    if (state === 'fault') this.#raise(text, fault ?? text);
    else if (state !== 'busy') this.#endFault(text);
  }

  #show(state: State, text: string): void {
    const shown = `${state} ${text}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#node.status({ ...SIGNS[state], text });
  }

  #raise(text: string, fault: string): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    // The msg argument is what makes Node-RED hand the error to Catch nodes.
    this.#node.error(text, {});
  }

  #endFault(text: string): void {
    if (this.#fault === undefined) return;
    this.#fault = undefined;
    this.#node.log(text);
  }
}
