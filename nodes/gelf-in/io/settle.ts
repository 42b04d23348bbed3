import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bus } from '../../../lib/bus.ts';
import { say } from '../../../lib/bus.ts';
import { isPrompt, type WiredNode } from '../../../lib/io/flow-pace.ts';
import { wait } from '../../../lib/io/wait.ts';
import { type FlowNode, type Reach, reachOf } from '../../../lib/reach.ts';

export interface SettlementOptions {
  readonly bus: Bus;
  /** The node that sends. */
  readonly node: object;
  /** That of `RED.nodes`. */
  eachNode(hear: (node: FlowNode) => void): void;
  /** How long it takes at most until what was handed on is safe, where a server does not say, in ms. */
  windowMs(): number;
  readonly signal: AbortSignal;
}

/** A msg goes from node to node in a turn of the event loop each: there are more than in any flow. */
const TURNS = 32;
/** Where a node on the way is slower than that, in ms. */
const SLOW_MS = 1_000;
/** The wires are looked at again after so long, in ms. */
const LOOK_MS = 1_000;

/** Tells when what a node has sent is safe: with every server that its wires lead to. */
export class Settlement {
  readonly #options: SettlementOptions;
  #reach: Reach = 'all';
  #isPrompt = false;
  #isDirect = false;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** The ids of the servers that the wires lead to. */
  get servers(): Reach {
    this.#look();
    return this.#reach;
  }

  /** Whether every wire ends at a node that ships: what is under way at a Deploy arrives there. */
  get isDirect(): boolean {
    this.#look();
    return this.#isDirect;
  }

  /**
   * Resolves once all that was sent by now is confirmed or on disk; where it goes to no server, once it was handed on. False
   * where the node ended before.
   */
  async settled(): Promise<boolean> {
    const { bus, signal, windowMs } = this.#options;
    this.#look();
    const servers = this.#reach;
    const isNowhere = servers !== 'all' && servers.size === 0;
    if (this.#isPrompt || isNowhere) for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
    else await wait(SLOW_MS, signal);
    if (isNowhere) return !signal.aborted;
    const answers: Promise<void>[] = [];
    say(bus, 'infra-monitoring:settle', { servers, until: (settled) => void answers.push(settled) });
    // One that does not answer cannot send either, or is of another version: its window is what it promises.
    const isAnswered = servers === 'all' ? answers.length > 0 : answers.length >= servers.size;
    await Promise.all([...answers, isAnswered ? undefined : wait(windowMs(), signal)]);
    return !signal.aborted;
  }

  #look(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    const nodes = new Map<string, FlowNode>();
    this.#options.eachNode((one) => nodes.set(one.id, one));
    // Node-RED's types leave the wires out.
    const { wires = [] } = this.#options.node as { wires?: string[][] };
    this.#reach = reachOf(wires, nodes);
    this.#isDirect = wires.flat().every((id) => nodes.get(id)?.type === 'graylog-out');
    this.#isPrompt = isPrompt(wires, nodes as ReadonlyMap<string, WiredNode>);
  }
}
