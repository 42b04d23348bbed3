import { type DirectInput, directInputOf, type ToMsg } from '../direct-input.ts';
import type { InfraRecord } from '../record.ts';

/** The part of a Node-RED node that sends. */
export interface SendingNode {
  /** The ids of the nodes that each output is wired to. Another list where they change. */
  readonly wires?: readonly (readonly string[])[];
  send(msg: never): void;
}

/** Finds a node that runs, as `RED.nodes.getNode` does. */
export type FindNode = (id: string) => object | null | undefined;

/** After a msg went by Node-RED, records go directly only when it must have arrived, in ms: they may not overtake it. */
const SETTLED_MS = 100;
/** So long the nodes at the other ends are taken to be those that they were, in ms. A deploy closes the inputs of those that go. */
const HOLDS_MS = 5;
const NO_NODE: FindNode = () => undefined;

/**
 * Sends the records of one output of a node to all nodes that it is wired to. Nodes of ours get them directly, as long as
 * nobody watches msgs: a msg by Node-RED takes longer than reading a line. All others get msgs. Node-RED copies a msg for
 * all of them but one, whatever may be in it; a record is flat: here it is copied key by key.
 */
export class RecordSender {
  readonly #node: SendingNode;
  readonly #port: number;
  readonly #findNode: FindNode;
  #wires: SendingNode['wires'];
  #ids: readonly string[] = [];
  /** The node as it would be with each of its wires alone; itself where it has no other. */
  #views: readonly SendingNode[] = [];
  #sentMs = Number.NEGATIVE_INFINITY;
  #found: readonly (DirectInput | undefined)[] = [];
  #foundMs = Number.NEGATIVE_INFINITY;

  /** `port`: the number of the output, from 0 on. Without `findNode` nothing goes directly. */
  constructor(node: SendingNode, port = 0, findNode: FindNode = NO_NODE) {
    this.#node = node;
    this.#port = port;
    this.#findNode = findNode;
  }

  /** Whether all that is sent now would go directly. */
  get isDirect(): boolean {
    this.#look();
    return this.#ids.length > 0 && this.#inputs().every((input) => input !== undefined);
  }

  /** Whether one of those that get them directly wants its sender to wait. */
  get isBusy(): boolean {
    this.#look();
    return this.#ids.length > 0 && this.#inputs().some((input) => input?.isBusy() === true);
  }

  /** Sends records, in order. None of them may change later. `areShared`: others have them, too. */
  sendAll(records: readonly InfraRecord[], toMsg: ToMsg, areShared = false): void {
    if (records.length === 0) return;
    this.#look();
    const inputs = this.#inputs();
    const views = this.#views.filter((_, at) => inputs[at] === undefined);
    for (const input of inputs) input?.take(records, toMsg);
    if (views.length === 0) return;
    this.#sentMs = performance.now();
    // Whoever gets the record itself may change it at once.
    const owner = areShared || views.length < inputs.length ? undefined : views.at(-1);
    for (const record of records) {
      for (const view of views) view.send(toMsg(view === owner ? record : { ...record }) as never);
    }
  }

  #inputs(): (DirectInput | undefined)[] {
    const nowMs = performance.now();
    if (nowMs - this.#foundMs > HOLDS_MS) {
      this.#foundMs = nowMs;
      this.#found = this.#ids.map((id) => directInputOf(this.#findNode(id)));
    }
    const isSettled = nowMs - this.#sentMs > SETTLED_MS;
    return this.#found.map((input) => (isSettled && input?.isOpen() === true ? input : undefined));
  }

  #look(): void {
    const { wires } = this.#node;
    if (wires === this.#wires) return;
    this.#wires = wires;
    this.#foundMs = Number.NEGATIVE_INFINITY;
    this.#ids = wires?.[this.#port] ?? [];
    const isOnly = this.#ids.length === 1 && wires?.length === 1;
    this.#views = isOnly ? [this.#node] : this.#ids.map((id) => this.#viewOf(id));
  }

  #viewOf(id: string): SendingNode {
    // Node-RED looks at `wires`, or at the only wire where there is one.
    return Object.create(this.#node, { wires: { value: [[id]] }, _wire: { value: id } }) as SendingNode;
  }
}
