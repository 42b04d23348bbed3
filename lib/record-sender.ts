/** The part of a Node-RED node that sends. */
export interface SendingNode {
  /** The ids of the nodes that each output is wired to. Another list where they change. */
  readonly wires?: readonly (readonly string[])[];
  send(msg: never): void;
}

/** A msg of a source: a flat record and a few texts beside it. */
export interface RecordMsg {
  readonly _msgid: string;
  readonly topic: string;
  readonly payload: object;
}

/**
 * Sends the msgs of a node with one output to all nodes that it is wired to. Node-RED copies a msg for all of them but one,
 * whatever may be in it, which takes longer than reading a line. A record is flat: here it is copied key by key.
 */
export class RecordSender {
  readonly #node: SendingNode;
  #wires: SendingNode['wires'];
  /** The node as it would be with each of its wires alone; empty where there is one at most. */
  #views: readonly SendingNode[] = [];

  constructor(node: SendingNode) {
    this.#node = node;
  }

  send(msg: RecordMsg): void {
    const { wires } = this.#node;
    if (wires !== this.#wires) {
      this.#wires = wires;
      this.#views = viewsOf(this.#node);
    }
    const last = this.#views.length - 1;
    for (let at = 0; at < last; at++) this.#views[at]?.send({ ...msg, payload: { ...msg.payload } } as never);
    // Whoever gets the msg itself may change it at once.
    (this.#views[last] ?? this.#node).send(msg as never);
  }
}

function viewsOf(node: SendingNode): SendingNode[] {
  const [ids = [], ...others] = node.wires ?? [];
  if (ids.length < 2 || others.length > 0) return [];
  // Node-RED looks at `wires`, or at the only wire where there is one.
  return ids.map((id) => Object.create(node, { wires: { value: [[id]] }, _wire: { value: id } }) as SendingNode);
}
