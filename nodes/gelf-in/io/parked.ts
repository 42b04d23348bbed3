import type { Receiver } from './receiver.ts';

interface Parked {
  readonly key: string;
  readonly receiver: Receiver;
  readonly timer: NodeJS.Timeout;
}

/** A Deploy takes less. After that nobody comes for it. */
const PARKED_MS = 10_000;

/** Receivers whose node ended, until its successor comes for them. */
export class ParkedReceivers {
  readonly #byNode = new Map<string, Parked>();
  readonly #closing = new Set<Promise<void>>();

  /** `key`: the settings that it was made with. */
  park(node: string, key: string, receiver: Receiver): void {
    const timer = setTimeout(() => this.#end(node), PARKED_MS).unref();
    this.#byNode.set(node, { key, receiver, timer });
  }

  /** That of a node, where its settings are the same. Where they are not, it is closed. */
  take(node: string, key: string): Receiver | undefined {
    const parked = this.#byNode.get(node);
    if (parked === undefined) return undefined;
    if (parked.key !== key) {
      this.#end(node);
      return undefined;
    }
    clearTimeout(parked.timer);
    this.#byNode.delete(node);
    return parked.receiver;
  }

  /** Resolves once the ports are free of those that nobody came for. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }

  #end(node: string): void {
    const parked = this.#byNode.get(node);
    if (parked === undefined) return;
    clearTimeout(parked.timer);
    this.#byNode.delete(node);
    const closing = parked.receiver.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
