import type { EventEmitter } from 'node:events';

export type Events = Pick<EventEmitter, 'on' | 'off' | 'listeners'>;

type Hear = (value: unknown) => void;

/** All nodes share one listener: from the eleventh of an event on, Node.js warns of a memory leak. */
interface SharedListener extends Hear {
  hearers: Set<Hear>;
}

function isShared(listener: object): listener is SharedListener {
  return 'hearers' in listener && listener.hearers instanceof Set;
}

function shareListener(events: Events, name: string): SharedListener {
  const hearers = new Set<Hear>();
  const listener = Object.assign(
    (value: unknown) => {
      for (const hear of hearers) {
        try {
          hear(value);
        } catch {
          // Whoever emits is somebody else, and so are the others who listen. A hearer reports what fails in it.
        }
      }
    },
    { hearers },
  );
  events.on(name, listener);
  return listener;
}

/** Calls `hear` with the first argument of every event of that name. Returns a function that stops it. */
export function listenTogether(events: Events, name: string, hear: Hear): () => void {
  const shared = events.listeners(name).find(isShared) ?? shareListener(events, name);
  shared.hearers.add(hear);
  return () => {
    shared.hearers.delete(hear);
    if (shared.hearers.size === 0) events.off(name, shared);
  };
}
