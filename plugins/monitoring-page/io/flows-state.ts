import type { EventEmitter } from 'node:events';

/** Whether the flows run, or somebody has stopped them. */
export class FlowsState {
  run = true;
  haveStarted = false;

  /** `events` is `RED.events`. It listens for as long as Node-RED runs. */
  constructor(events: Pick<EventEmitter, 'on'>) {
    events.on('flows:started', () => {
      this.run = true;
      this.haveStarted = true;
    });
    events.on('runtime-event', (event: unknown) => {
      const { id, payload } = (event ?? {}) as { id?: unknown; payload?: { state?: unknown } };
      if (id !== 'runtime-state') return;
      this.run = payload?.state !== 'stop' && payload?.state !== 'safe';
    });
  }
}
