import type { EventEmitter } from 'node:events';

const STARTED = 'flows:started';

/** All nodes share one listener: from the eleventh of an event on, Node.js warns of a memory leak. */
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
 * Calls `start` once all flows run: what a source sends from its constructor goes to nodes that do not exist yet, and
 * Node-RED drops it in silence. Returns a function that calls it off.
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
