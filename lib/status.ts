/**
 * A node's status that tells the truth: set when it changes, and a fault or the end of one is logged once,
 * at the change, not at every retry. Texts are keys of the node's locale catalogue.
 */

/** `bad`: what the node watches is in a bad way; the node itself works, so that is data and no error. */
export type State = 'ok' | 'idle' | 'busy' | 'warning' | 'bad' | 'fault';

interface Shown {
  fill: 'green' | 'grey' | 'blue' | 'yellow' | 'red';
  shape: 'dot' | 'ring';
}

const SHOWN: Record<State, Shown> = {
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
  status(status: Shown & { text: string }): void;
  log(text: string): void;
  warn(text: string): void;
  error(text: string, msg: Record<string, unknown>): void;
}

export type Translate = (key: string, args?: Arguments) => string;

export interface Reporter {
  /**
   * Shows `key` of the catalogue with its arguments. A fault goes to the log and to Catch nodes when `fault` (by
   * default the key with its arguments) is not the one reported last; what ends a fault is logged once.
   */
  report(state: State, key: string, args?: Arguments, fault?: string): void;
}

export function createReporter(node: ReportingNode, translate: Translate): Reporter {
  let shown = '';
  let reported: string | undefined;

  return {
    report(state, key, args, fault) {
      const text = translate(key, args);
      const { fill, shape } = SHOWN[state];
      if (shown !== `${state} ${text}`) {
        shown = `${state} ${text}`;
        node.status({ fill, shape, text });
      }
      if (state === 'fault') {
        const identity = fault ?? text;
        if (reported === identity) return;
        reported = identity;
        // The msg argument is what makes Node-RED hand the error to Catch nodes.
        node.error(text, {});
      } else if (reported !== undefined && state !== 'busy') {
        reported = undefined;
        node.log(text);
      }
    },
  };
}
