import type { EventEmitter } from 'node:events';

/**
 * Calls `start` once all flows run. A source that sent from its constructor would send to nodes that do not exist yet,
 * and Node-RED drops such a msg without a word. Returns a function that calls it off.
 */
export function onFlowsStarted(events: Pick<EventEmitter, 'once' | 'off'>, start: () => void): () => void {
  events.once('flows:started', start);
  return () => {
    events.off('flows:started', start);
  };
}
