import { fitted } from './fitted.ts';
import { onFlowsStarted } from './flow-lifecycle.ts';
import { logVisibly, type SpeakingNode } from './node-log.ts';
import type { Events } from './shared-listener.ts';
import { MOST_CHARACTERS, sentenceOf, statusText } from './status-text.ts';

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

/** The part of a Node-RED node that a reporter needs. */
export interface ReportingNode extends SpeakingNode {
  status(status: Sign & { text: string }): void;
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Marks the error that goes with a status: whoever hears of both, from a Status and from a Catch node, knows that they are one.
 * A symbol is copied with a msg, and is not among its properties.
 */
export const STATUS_FAULT = Symbol.for('infra-monitoring:status-fault');

export type Translate = (key: string, args?: Arguments) => string;

/** What a dialog asks the node of: the whole of what its status says in short; undefined while all is well. */
export interface FaultyNode {
  presentFault?: () => string | undefined;
}

const IS_WELL: ReadonlySet<State> = new Set(['ok', 'busy']);

interface Words {
  readonly text: string;
  readonly sentence: string;
}

interface Shown extends Words {
  readonly state: State;
}

/** The words of a key with its arguments. */
interface Said extends Words {
  readonly key: string;
  readonly args: Arguments | undefined;
}

/** The status of one node, and the whole sentence behind it. */
export class StatusReporter {
  readonly #node: ReportingNode;
  readonly #translate: Translate;
  #shown: Shown | undefined;
  /** What was reported last: most nodes report the same every second, and the catalogue takes its time. */
  #said: Said | undefined;
  /** What is shown in the place of a quiet state: that what the node sends comes to nobody. */
  #nowhere: string | undefined;
  /** The fault that was raised last and has not ended. */
  #fault: string | undefined;
  /** What is no fault here, was logged and has not ended. */
  #logged: string | undefined;
  /** Whether the error that `done` takes to Catch nodes must stand in the log too. */
  #isOwed = false;
  /** Whether the Status and Catch nodes of all flows are there. */
  #isHeard = false;
  /** The fault that is raised when they are. */
  #untold: string | undefined;

  /** `events` are `RED.events`. To be made in the node's constructor. */
  constructor(node: ReportingNode & FaultyNode, translate: Translate, events: Events) {
    this.#node = node;
    this.#translate = translate;
    logVisibly(node, { label: translate('label.node'), mustLog: () => this.#takeOwed() });
    node.presentFault = () => this.#presentFault();
    const forget = onFlowsStarted(
      events,
      () => this.#tellAgain(),
      () => undefined,
    );
    node.on('close', forget);
  }

  /**
   * Shows `key` of the catalogue with its arguments in at most 24 characters. The whole sentence of a fault goes to the log
   * and to Catch nodes when `fault` (by default the sentence) is not the one reported last; what ends a fault is logged
   * once. With `fault` the sentence of what is no fault (grey, yellow) is logged once, too.
   */
  report(state: State, key: string, args?: Arguments, fault?: string): void {
    const sentence = this.#show(state, key, args);
    if (state === 'fault') this.#raise(sentence, fault ?? sentence);
    else if (state !== 'busy') this.#endFault(sentence, fault);
  }

  /** Shows a fault that `done` gives to Catch nodes: they get it once. Its end is logged as that of any other. */
  showFault(key: string, args?: Arguments): void {
    const sentence = this.#show('fault', key, args);
    this.#isOwed ||= this.#fault !== sentence;
    this.#fault = sentence;
  }

  /** Shows `words` in yellow while all is well otherwise, until it is called without any. */
  showNowhere(words: string | undefined): void {
    if (words === this.#nowhere) return;
    this.#nowhere = words;
    this.#set();
  }

  #show(state: State, key: string, args: Arguments | undefined): string {
    const { text, sentence } = this.#wordsOf(key, args);
    const isSame = state === this.#shown?.state && text === this.#shown.text;
    const isHidden = this.#nowhere !== undefined && this.#isQuiet && QUIET.has(state);
    this.#shown = { state, text, sentence };
    if (!isSame && !isHidden) this.#set();
    return sentence;
  }

  #wordsOf(key: string, args: Arguments | undefined): Words {
    if (this.#said?.key === key && areSame(this.#said.args, args)) return this.#said;
    const text = statusText(this.#translate, key, args);
    const sentence = sentenceOf(this.#translate, key, args);
    this.#said = { key, args: args && { ...args }, text, sentence };
    return this.#said;
  }

  get #isQuiet(): boolean {
    return this.#shown === undefined || QUIET.has(this.#shown.state);
  }

  #set(): void {
    const nowhere = this.#isQuiet ? this.#nowhere : undefined;
    const { state, text } =
      nowhere === undefined
        ? (this.#shown ?? NOTHING)
        : { state: 'warning' as const, text: fitted(nowhere, MOST_CHARACTERS) };
    this.#node.status({ ...SIGNS[state], text });
  }

  /** What is grey and has no more to say than its status is well: it waits. */
  #presentFault(): string | undefined {
    if (this.#shown === undefined || IS_WELL.has(this.#shown.state)) return this.#nowhere;
    const { state, text, sentence } = this.#shown;
    return state === 'idle' && sentence === text ? this.#nowhere : sentence;
  }

  #tellAgain(): void {
    this.#isHeard = true;
    if (this.#shown !== undefined) this.#set();
    if (this.#untold !== undefined) this.#tell(this.#untold);
    this.#untold = undefined;
  }

  #raise(sentence: string, fault: string): void {
    this.#logged = undefined;
    if (fault === this.#fault) return;
    this.#fault = fault;
    if (this.#isHeard) this.#tell(sentence);
    else this.#untold = sentence;
  }

  #tell(sentence: string): void {
    // The msg argument is what makes Node-RED hand the error to Catch nodes.
    this.#node.error(sentence, { [STATUS_FAULT]: true });
  }

  #endFault(sentence: string, unwell: string | undefined): void {
    const isEnd = this.#fault !== undefined && this.#untold === undefined;
    const isNews = unwell !== undefined && unwell !== this.#logged;
    this.#fault = undefined;
    this.#untold = undefined;
    this.#logged = unwell;
    if (!isEnd && !isNews) return;
    if (isNews && this.#shown?.state === 'warning') this.#node.warn(sentence);
    else this.#node.log(sentence);
  }

  #takeOwed(): boolean {
    const isOwed = this.#isOwed;
    this.#isOwed = false;
    return isOwed;
  }
}

function areSame(one: Arguments | undefined, other: Arguments | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
