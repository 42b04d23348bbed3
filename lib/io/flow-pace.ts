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
    const next = node.type === 'link out' ? (node.links ?? []) : (node.wires ?? []).flat();
    for (const one of next) reached.add(one);
  }
  return true;
}

/** How often the wires are looked at: they may change under a node that goes on running. */
const LOOK_MS = 250;
/**
 * How many msgs may be on their way between prompt nodes in one turn. Node-RED hands each msg over in a turn of its own.
 * Of hundreds at once many outlive a collection of the young generation, which makes them cost more, and other nodes wait
 * behind them.
 */
const MANY = 32;

/** How fast a node may send, by what it is wired to. */
export class FlowPace {
  readonly #node: { wires?: string[][] };
  readonly #eachNode: (hear: (node: WiredNode) => void) => void;
  #msgsPerTurn = 1;
  #nextLookMs = Number.NEGATIVE_INFINITY;

  /** `eachNode` is that of `RED.nodes`. */
  constructor(node: object, eachNode: (hear: (node: WiredNode) => void) => void) {
    this.#node = node;
    this.#eachNode = eachNode;
  }

  /** How many msgs the node may send in one turn of the event loop. Looks at the wires anew four times a second. */
  msgsPerTurn(): number {
    const nowMs = performance.now();
    if (nowMs < this.#nextLookMs) return this.#msgsPerTurn;
    this.#nextLookMs = nowMs + LOOK_MS;
    const nodes = new Map<string, WiredNode>();
    this.#eachNode((one) => nodes.set(one.id, one));
    this.#msgsPerTurn = isPrompt(this.#node.wires ?? [], nodes) ? MANY : 1;
    return this.#msgsPerTurn;
  }
}
