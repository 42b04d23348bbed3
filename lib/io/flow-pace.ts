import { HeapRoom } from './heap-room.ts';

/** What Node-RED's runtime tells of a node's configuration (`RED.nodes.eachNode`). */
export interface WiredNode {
  id: string;
  type: string;
  wires?: string[][];
  /** Of link nodes: the ids of those at the other end. */
  links?: string[];
}

/** Node types that pass a msg on, or are done with it, in the turn of the event loop in which they get it. */
const PROMPT = new Set([
  'alert',
  'change',
  'debug',
  'function',
  'graylog-out',
  'junction',
  'link in',
  'link out',
  'rbe',
  'record-filter',
]);

/**
 * Whether all nodes that a msg can reach over these wires are known to be prompt. Core's `switch` is not: it takes one
 * msg a turn, and what comes faster waits in an array without bound, until the process has no memory left.
 */
export function isPrompt(wires: readonly (readonly string[])[], nodes: ReadonlyMap<string, WiredNode>): boolean {
  const reached = new Set(wires.flat());
  // A set goes on to what is added while it is gone through.
  for (const id of reached) {
    const node = nodes.get(id);
    if (node === undefined || !PROMPT.has(node.type)) return false;
    for (const one of nextOf(node)) reached.add(one);
  }
  return true;
}

/** The nodes that get what a node passes on. An alert passes nothing on: it tells of few msgs, in msgs of its own. */
function nextOf({ type, links = [], wires = [] }: WiredNode): readonly string[] {
  if (type === 'alert') return [];
  return type === 'link out' ? links : wires.flat();
}

/** How often the wires are looked at: they may change under a node that goes on running. */
const LOOK_MS = 250;
/**
 * How many msgs may be on their way between prompt nodes in one turn. Node-RED hands each msg over in a turn of its own.
 * Of hundreds at once many outlive a collection of the young generation, which makes them cost more, and other nodes wait
 * behind them.
 */
const MANY = 32;
/** The same where they are handed over directly, which leaves nothing on its way. */
const MANY_DIRECT = 512;
/** A turn that takes longer keeps every other node waiting, in ms: then fewer msgs go in the next one. */
const LONG_TURN_MS = 10;
/** The time between two msgs while the heap has little room, in ms. They go on, because only what is going on is collected. */
const TIGHT_MS = 10;
/** How soon those that want to wait are asked again, in ms. */
const BUSY_MS = 2;
/** Over so long it is judged whether the nodes behind are slow, in ms. */
const JUDGED_MS = 1_000;
/** The nodes behind are slow where they take longer for a msg, in ms. A switch of Node-RED takes a twentieth of a ms. */
const SLOW_MS = 0.3;
/** Slow are they only while msgs wait for most of the time. */
const WAITING_SHARE = 0.8;

export interface PaceOptions {
  /** The node that sends. */
  readonly node: object;
  /** That of `RED.nodes`. */
  eachNode(hear: (node: WiredNode) => void): void;
  /** Knows whether all that is sent goes to other nodes of ours without msgs, and whether these want it to wait. */
  readonly sender?: { readonly isDirect: boolean; readonly isBusy: boolean };
  /** Hears when the node sends slower than it could, because those behind it or the heap are no faster, and when no longer. */
  slowed?(isSlowed: boolean): void;
}

/**
 * How fast a node may send: by what it is wired to, by how long that takes, and by the room that is left in the heap. All
 * readers of one node share it, and take turns.
 */
export class FlowPace {
  readonly #options: PaceOptions;
  readonly #heap = new HeapRoom();
  readonly #waiting: ((count: number) => void)[] = [];
  #isPrompt = false;
  #nextLookMs = Number.NEGATIVE_INFINITY;
  /** How many msgs go in a turn where the way is prompt. */
  #many = MANY;
  /** Msgs were sent in this turn. */
  #isTaken = false;
  #isArmed = false;
  #armedMs = 0;
  /** What is judged next: since when, how long msgs waited, and how many went on. */
  #judgedMs = 0;
  #waitedMs = 0;
  #count = 0;
  #isSlowed = false;
  #recheck: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** How many msgs may be sent now; where a turn was used up, or others wait, in the turn in which it resolves. */
  perTurn(): number | Promise<number> {
    if (this.#isFree) return this.#take();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#arm();
    });
  }

  /** From now on nothing holds up what is still to be sent. */
  close(): void {
    this.#isClosed = true;
    this.#heap.close();
    clearTimeout(this.#recheck);
    for (const resolve of this.#waiting.splice(0)) resolve(MANY);
  }

  get #isFree(): boolean {
    return this.#isClosed || !(this.#isTaken || this.#waiting.length > 0 || this.#isBusy || this.#heap.isTight());
  }

  get #isBusy(): boolean {
    return this.#options.sender?.isBusy === true;
  }

  #take(): number {
    this.#look();
    if (this.#options.sender?.isDirect !== true) this.#many = Math.min(MANY, this.#many);
    const count = this.#isPrompt && !this.#heap.isTight() ? this.#many : 1;
    this.#isTaken = true;
    this.#count += count;
    this.#arm();
    return this.#isClosed ? MANY : count;
  }

  #arm(): void {
    if (this.#isArmed || this.#isClosed) return;
    this.#isArmed = true;
    this.#armedMs = performance.now();
    if (this.#heap.isTight()) setTimeout(this.#turn, TIGHT_MS);
    else if (this.#isBusy) setTimeout(this.#turn, BUSY_MS);
    else setImmediate(this.#turn);
  }

  /** Looks at the wires, four times a second. */
  #look(): void {
    const nowMs = performance.now();
    if (nowMs < this.#nextLookMs) return;
    this.#nextLookMs = nowMs + LOOK_MS;
    const nodes = new Map<string, WiredNode>();
    this.#options.eachNode((one) => nodes.set(one.id, one));
    // Node-RED's types leave the wires out.
    this.#isPrompt = isPrompt((this.#options.node as { wires?: string[][] }).wires ?? [], nodes);
  }

  readonly #turn = (): void => {
    const nowMs = performance.now();
    const tookMs = nowMs - this.#armedMs;
    this.#isArmed = false;
    this.#isTaken = false;
    if (tookMs > LONG_TURN_MS) this.#many = Math.max(1, this.#many >> 1);
    else if (tookMs < LONG_TURN_MS / 2) this.#many = Math.min(MANY_DIRECT, this.#many * 2);
    if (this.#waiting.length > 0) this.#waitedMs += tookMs;
    if (nowMs - this.#judgedMs >= JUDGED_MS) this.#judge(nowMs);
    if (this.#isBusy && this.#waiting.length > 0 && !this.#isClosed) this.#arm();
    else this.#waiting.shift()?.(this.#take());
  };

  #judge(nowMs: number): void {
    const isWaiting = this.#waitedMs >= WAITING_SHARE * (nowMs - this.#judgedMs);
    const isSlowed = isWaiting && this.#waitedMs > SLOW_MS * this.#count;
    this.#judgedMs = nowMs;
    this.#waitedMs = 0;
    this.#count = 0;
    clearTimeout(this.#recheck);
    // Where nothing is sent any more no turn comes to judge.
    if (isSlowed) this.#recheck = setTimeout(() => this.#judge(performance.now()), 2 * JUDGED_MS).unref();
    if (isSlowed === this.#isSlowed || this.#isClosed) return;
    this.#isSlowed = isSlowed;
    this.#options.slowed?.(isSlowed);
  }
}
