import { onEveryDeploy } from '../flow-lifecycle.ts';

/** What Node-RED offers to whoever watches msgs, and of which its type definitions leave out a part. */
export interface Watchable {
  readonly events: Parameters<typeof onEveryDeploy>[0];
  readonly log: { metric(): boolean };
  /** Node-RED's test helper has none. */
  readonly hooks?: { has?(name: string): boolean } | undefined;
  readonly nodes: { eachNode(hear: (node: { type: string }) => void): void };
}

/** All of Node-RED's hooks of a msg. */
const HOOKS = ['onSend', 'preRoute', 'preDeliver', 'postDeliver', 'onReceive', 'postReceive', 'onComplete'];
const LAST_HOOK = 'onComplete';
/** Asking for all hooks takes longer than writing a record: the answer holds for so long, in ms. */
const HOLDS_MS = 5;

/** Whether somebody watches the msgs of this Node-RED: a Complete node, a hook, or a logger that wants metrics. */
export class MsgWatchers {
  readonly #runtime: Watchable;
  readonly #leave: () => void;
  #hasCompleteNode = false;
  #isAny = false;
  #askedMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(runtime: Watchable) {
    this.#runtime = runtime;
    this.#leave = onEveryDeploy(runtime.events, () => this.#look());
    this.#look();
  }

  /** Whether somebody wants to hear that a node is done with a msg. */
  get watchDone(): boolean {
    return this.#hasCompleteNode || this.#hasHook(LAST_HOOK) || this.#runtime.log.metric();
  }

  /** Whether anybody wants to hear of msgs at all; after `close()`, too: the node takes none any more. */
  get watchAny(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#askedMs > HOLDS_MS) {
      this.#askedMs = nowMs;
      this.#isAny = this.watchDone || HOOKS.some((name) => this.#hasHook(name));
    }
    return this.#isClosed || this.#isAny;
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  #hasHook(name: string): boolean {
    return this.#runtime.hooks?.has?.(name) === true;
  }

  #look(): void {
    this.#hasCompleteNode = false;
    this.#runtime.nodes.eachNode(({ type }) => {
      this.#hasCompleteNode ||= type === 'complete';
    });
  }
}
