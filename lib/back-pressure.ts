import type { EventEmitter } from 'node:events';

/**
 * Back-pressure between nodes that no wire connects: a `graylog-server` whose buffer is nearly full says so on
 * Node-RED's event bus, and readers of files and containers pause until every server that said so has room again.
 */

const CHANGED = 'infra-monitoring:pressure';
const ASKED = 'infra-monitoring:pressure?';

type Bus = Pick<EventEmitter, 'on' | 'off' | 'emit'>;

/** The side of the server. */
export class PressureSource {
  readonly #bus: Bus;
  readonly #id: string;
  #isFull = false;
  readonly #answer = (): void => {
    if (this.#isFull) this.#bus.emit(CHANGED, this.#id, true);
  };

  /** `id` tells servers apart. */
  constructor(bus: Bus, id: string) {
    this.#bus = bus;
    this.#id = id;
    bus.on(ASKED, this.#answer);
  }

  /** Says whether the buffer of this server is nearly full. Saying the same again is quiet. */
  set(isFull: boolean): void {
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#bus.emit(CHANGED, this.#id, isFull);
  }

  /** Lets go of the readers: a server that is gone holds nobody back. */
  close(): void {
    this.set(false);
    this.#bus.off(ASKED, this.#answer);
  }
}

/**
 * The side of a reader: `changed` hears true when the first server is nearly full and false when none is any more.
 * Returns a function that stops listening.
 */
export function followPressure(bus: Bus, changed: (paused: boolean) => void): () => void {
  const full = new Set<string>();
  const listen = (id: string, isFull: boolean): void => {
    const before = full.size > 0;
    if (isFull) full.add(id);
    else full.delete(id);
    const after = full.size > 0;
    if (after !== before) changed(after);
  };
  bus.on(CHANGED, listen);
  bus.emit(ASKED);
  return () => {
    bus.off(CHANGED, listen);
  };
}
