import { onFlowsStarted } from './flow-lifecycle.ts';
import type { Events } from './shared-listener.ts';
import { visible } from './visible.ts';

/**
 * The status below a node. It is set only when it changes. A fault and its end are logged once each, at the change and
 * not at every retry. What a node reports from its constructor comes before the Status and Catch nodes are there: the
 * status is set once more when all flows run, and a fault waits for that. Texts are keys of the node's locale catalogue.
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

const NOTHING = { state: 'idle', text: '' } as const;
/** What says no more than that the node works. */
const QUIET: ReadonlySet<State> = new Set(['ok', 'idle', 'busy']);

export type Arguments = { [name: string]: string | number };

/** The part of a Node-RED node that writes to its log. */
export interface SpeakingNode {
  log(text: string): void;
  warn(text: string): void;
  error(text: string, msg: Record<string, unknown>): void;
}

/** The part of a Node-RED node that a reporter needs. */
export interface ReportingNode extends SpeakingNode {
  status(status: Sign & { text: string }): void;
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Writes out what steers a terminal in all that a node logs from now on, and in the errors that it gives to Catch nodes, with
 * `done` too: foreign text must not forge a line of the log. A node with a reporter has it done.
 */
export function logVisibly(node: SpeakingNode): void {
  // A proxy is still the function that it stands for, to whoever watches the node's calls.
  node.log = new Proxy(node.log, SHOWN_FIRST);
  node.warn = new Proxy(node.warn, SHOWN_FIRST);
  node.error = new Proxy(node.error, SHOWN_FIRST);
}

const SHOWN_FIRST = {
  apply: (say: (...said: unknown[]) => unknown, node: unknown, [text, ...rest]: unknown[]): unknown =>
    Reflect.apply(say, node, [shown(text), ...rest]),
};

/** Node-RED takes errors for texts, too. */
function shown<T>(text: T): T {
  if (typeof text === 'string') return visible(text) as T & string;
  if (!(text instanceof Error)) return text;
  const words = visible(text.message);
  return words === text.message ? text : (new Error(words) as T & Error);
}

export type Translate = (key: string, args?: Arguments) => string;

/** The status of one node. */
export class StatusReporter {
  readonly #node: ReportingNode;
  readonly #translate: Translate;
  #shown: { state: State; text: string } | undefined;
  /** What is shown in the place of a quiet state: that what the node sends comes to nobody. */
  #nowhere: string | undefined;
  /** The fault that was raised last and has not ended. */
  #fault: string | undefined;
  /** Whether the Status and Catch nodes of all flows are there. */
  #isHeard = false;
  /** The fault that is raised when they are. */
  #untold: string | undefined;

  /** `events` are `RED.events`. To be made in the node's constructor. */
  constructor(node: ReportingNode, translate: Translate, events: Events) {
    this.#node = node;
    logVisibly(node);
    this.#translate = translate;
    const forget = onFlowsStarted(
      events,
      () => this.#tellAgain(),
      () => undefined,
    );
    node.on('close', forget);
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

  /** Shows a fault that `done` gives to Catch nodes: they get it once. Its end is logged as that of any other. */
  showFault(key: string, args?: Arguments): void {
    const text = this.#translate(key, args);
    this.#show('fault', text);
    this.#fault = text;
  }

  /** Shows `words` in yellow while all is well otherwise, until it is called without any. */
  showNowhere(words: string | undefined): void {
    if (words === this.#nowhere) return;
    this.#nowhere = words;
    this.#set();
  }

  #show(state: State, text: string): void {
    if (state === this.#shown?.state && text === this.#shown.text) return;
    const isHidden = this.#nowhere !== undefined && this.#isQuiet && QUIET.has(state);
    this.#shown = { state, text };
    if (!isHidden) this.#set();
  }

  get #isQuiet(): boolean {
    return this.#shown === undefined || QUIET.has(this.#shown.state);
  }

  #set(): void {
    const nowhere = this.#isQuiet ? this.#nowhere : undefined;
    const { state, text } =
      nowhere === undefined ? (this.#shown ?? NOTHING) : { state: 'warning' as const, text: nowhere };
    this.#node.status({ ...SIGNS[state], text: visible(text) });
  }

  #tellAgain(): void {
    this.#isHeard = true;
    if (this.#shown !== undefined) this.#set();
    if (this.#untold !== undefined) this.#tell(this.#untold);
    this.#untold = undefined;
  }

  #raise(text: string, fault: string): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    if (this.#isHeard) this.#tell(text);
    else this.#untold = text;
  }

  #tell(text: string): void {
    // The msg argument is what makes Node-RED hand the error to Catch nodes.
    this.#node.error(text, {});
  }

  #endFault(text: string): void {
    if (this.#fault === undefined) return;
    this.#fault = undefined;
    if (this.#untold === undefined) this.#node.log(text);
    this.#untold = undefined;
  }
}
