import type { EventEmitter } from 'node:events';

const STARTED = 'flows:started';

/** The one listener of all nodes: one each would be a "possible memory leak" to Node.js from the eleventh node on. */
interface SharedListener {
  (): void;
  starts: Set<() => void>;
}

function isShared(listener: object): listener is SharedListener {
  return 'starts' in listener;
}

function shareListener(events: Pick<EventEmitter, 'once'>): SharedListener {
  const starts = new Set<() => void>();
  const listener = Object.assign(
    () => {
      for (const start of starts) start();
    },
    { starts },
  );
  events.once(STARTED, listener);
  return listener;
}

/**
 * Calls `start` once all flows run. A source that sent from its constructor would send to nodes that do not exist yet,
 * and Node-RED drops such a msg without a word. Returns a function that calls it off.
 */
export function onFlowsStarted(
  events: Pick<EventEmitter, 'once' | 'off' | 'listeners'>,
  start: () => void,
): () => void {
  const shared = events.listeners(STARTED).find(isShared) ?? shareListener(events);
  shared.starts.add(start);
  return () => {
    shared.starts.delete(start);
    if (shared.starts.size === 0) events.off(STARTED, shared);
  };
}
