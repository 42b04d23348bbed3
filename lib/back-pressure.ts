import type { EventEmitter } from 'node:events';

/**
 * Back-pressure between nodes that no wire connects: a `graylog-server` whose buffer is nearly full says so on
 * Node-RED's event bus, and readers of files and containers pause until every server that said so has room again.
 */

const CHANGED = 'infra-monitoring:pressure';
const ASKED = 'infra-monitoring:pressure?';

type Bus = Pick<EventEmitter, 'on' | 'off' | 'emit'>;

export interface PressureSource {
  /** Says whether the buffer of this server is nearly full. Saying the same again is quiet. */
  set(full: boolean): void;
  /** Lets go of the readers: a server that is gone holds nobody back. */
  close(): void;
}

/** The side of the server; `id` tells servers apart. */
export function createPressureSource(bus: Bus, id: string): PressureSource {
  let full = false;
  const answer = (): void => {
    if (full) bus.emit(CHANGED, id, true);
  };
  bus.on(ASKED, answer);
  const source: PressureSource = {
    set(next) {
      if (next === full) return;
      full = next;
      bus.emit(CHANGED, id, full);
    },
    close() {
      source.set(false);
      bus.off(ASKED, answer);
    },
  };
  return source;
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
