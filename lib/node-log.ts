import { visible } from './visible.ts';

/** The part of a Node-RED node that writes to its log. */
export interface SpeakingNode {
  log(text: string): void;
  warn(text: string): void;
  error(text: string, msg: Record<string, unknown>): void;
}

/** What Node-RED's own functions look up in the node that they speak for; its types leave the flow out. */
interface Speaker {
  readonly id?: string;
  readonly type?: string;
  readonly z?: string;
  readonly name?: string;
  readonly _flow?: {
    log(line: object): void;
    handleError(node: unknown, text: unknown, msg: unknown): boolean;
  };
}

export interface SpeechOptions {
  /** How a node without a name is called in the log and in Debug, which would show its id. */
  readonly label?: string;
  /** Whether the error that is given to Catch nodes now must stand in the log too. */
  readonly mustLog?: () => boolean;
}

type Say = (...said: unknown[]) => unknown;

/**
 * Prepares all that a node logs from now on, and the errors that it gives to Catch nodes, with `done` too. What steers a
 * terminal is written out: foreign text must not forge a line of the log. A node without a name has its label there. Node-RED
 * logs an error only where no Catch node took it: one that no msg caused, `error(text, {})`, is logged in any case.
 */
export function logVisibly(node: SpeakingNode, options: SpeechOptions = {}): void {
  // A proxy is still the function that it stands for, to whoever watches the node's calls.
  node.log = new Proxy(node.log, plain(node, options));
  node.warn = new Proxy(node.warn, plain(node, options));
  node.error = new Proxy(node.error, raising(node as Speaker, options));
}

const plain = (node: object, options: SpeechOptions): ProxyHandler<SpeakingNode['log']> => ({
  apply: (say: Say, _node, [text, ...rest]: unknown[]) =>
    Reflect.apply(say, named(node, options), [shown(text), ...rest]),
});

const raising = (node: Speaker, options: SpeechOptions): ProxyHandler<SpeakingNode['error']> => ({
  apply(say: Say, _node, [text, msg]: unknown[]) {
    let isCaught = false;
    const speaker = named(node, options, () => {
      isCaught = true;
    });
    const words = shown(text);
    const mustLog = options.mustLog?.() === true || isEmpty(msg);
    Reflect.apply(say, speaker, msg === undefined ? [words] : [words, msg]);
    if (isCaught && mustLog) logError(node, options, words);
  },
});

/** The node as Node-RED sees it while it logs. Catch nodes get the node itself. */
function named(node: Speaker, { label }: SpeechOptions, caught?: () => void): object {
  const { name, _flow: flow } = node;
  const shownName = { name: { value: name || label, configurable: true } };
  if (flow === undefined) return Object.create(node, shownName);
  const watched = {
    log: (line: object) => flow.log(line),
    handleError(_speaker: unknown, text: unknown, msg: unknown) {
      const isHandled = flow.handleError(node, text, msg);
      if (isHandled) caught?.();
      return isHandled;
    },
  };
  return Object.create(node, { ...shownName, _flow: { value: watched } });
}

/** Node-RED's own number for an error. */
const ERROR = 20;

/** What `node.error()` writes to the log where no Catch node took it. */
function logError(node: Speaker, { label }: SpeechOptions, msg: unknown): void {
  const { id, type, z, name, _flow: flow } = node;
  flow?.log({ level: ERROR, id, type, msg, name: name || label, ...(z !== undefined && { z }) });
}

function isEmpty(msg: unknown): boolean {
  return typeof msg === 'object' && msg !== null && Object.keys(msg).length === 0;
}

/** Node-RED takes errors for texts, too. */
function shown<T>(text: T): T {
  if (typeof text === 'string') return visible(text) as T & string;
  if (!(text instanceof Error)) return text;
  const words = visible(text.message);
  return words === text.message ? text : (new Error(words) as T & Error);
}
