import { explain, MonitoringError } from './errors.ts';
import type { StatusReporter, Translate } from './status.ts';

type Done = (error?: Error) => void;

/** What a handler may give to `done`: nothing, or whatever it failed with. */
type HandlerDone = (error?: unknown) => void;

/** The part of a Node-RED node that takes msgs; `Msg` is Node-RED's own type of one. */
export interface InputNode<Msg> {
  on(event: 'input', listener: (msg: Msg, send: (msg: never) => void, done: Done) => void): unknown;
}

/** How many msgs may wait for a node that measures something for each. */
export const MOST_WAITING = 100;

/**
 * Lets `handle` take every msg of a node. Node-RED's `done` is called exactly once for each: by `handle` where it returns
 * nothing, else when its promise settles. What it throws, rejects with or gives to `done` goes to `failed`, which may show a
 * status and gives the error as people shall read it, and from there to Catch nodes. While `most` msgs wait for their `done`,
 * others are refused with `TOO_MANY_WAITING`.
 */
export function handleInput<Msg>(
  node: InputNode<Msg>,
  handle: (msg: Msg, done: HandlerDone) => Promise<unknown> | undefined,
  failed: (error: unknown) => Error,
  most: number = Number.POSITIVE_INFINITY,
): void {
  let waiting = 0;
  node.on('input', (msg, _send, done) => {
    if (waiting >= most) {
      done(failed(new MonitoringError('TOO_MANY_WAITING')));
      return;
    }
    waiting += 1;
    let isDone = false;
    const once: HandlerDone = (error) => {
      if (isDone) return;
      isDone = true;
      waiting -= 1;
      done(error === undefined ? undefined : failed(error));
    };
    try {
      const job = handle(msg, once);
      job?.then(
        () => once(),
        // A rejection without a reason is a failure too.
        (error) => once(error ?? null),
      );
    } catch (error) {
      once(error ?? null);
    }
  });
}

/**
 * The usual `failed`: shows the failure as `status.failed` of the node's catalogue, and gives it as an error in the words
 * of the catalogue, which `done` takes to Catch nodes. `translate` is `RED._`.
 */
export function showFailure(reporter: StatusReporter, error: unknown, translate: Translate): Error {
  const reason = explain(error, translate);
  reporter.showFault('status.failed', { reason });
  return new Error(reason, { cause: error });
}

/** The same for what no msg asked for: it goes to Catch nodes at once. */
export function reportFailure(reporter: StatusReporter, error: unknown, translate: Translate): void {
  reporter.report('fault', 'status.failed', { reason: explain(error, translate) });
}

/** Refuses every msg of a node whose settings are wrong. `translate` is `RED._`. */
export function refuseInput<Msg>(node: InputNode<Msg>, translate: Translate): void {
  const refuse = (): never => {
    throw new MonitoringError('NOT_CONFIGURED');
  };
  handleInput(node, refuse, (error) => new Error(explain(error, translate), { cause: error }));
}
