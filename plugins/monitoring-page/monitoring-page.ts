import type { NodeAPI } from 'node-red';
import { RecordKeeper } from './io/record-keeper.ts';

/** The server half: it runs as long as Node-RED does, also where there is no editor. */
export default function register(RED: Pick<NodeAPI, 'events'>): void {
  new RecordKeeper(RED.events);
}
