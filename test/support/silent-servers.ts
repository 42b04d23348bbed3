import { EventEmitter } from 'node:events';
import type { Node, NodeAPI, NodeDef } from 'node-red';

/** Nodes with the names of `graylog-server` and `graylog-out` that ship nothing, and the bus of their runtime. */
export function silentServers(): { register(RED: NodeAPI): void; bus(): EventEmitter } {
  let bus = new EventEmitter();
  return {
    bus: () => bus,
    register(RED) {
      bus = RED.events;
      function SilentNode(this: Node, config: NodeDef): void {
        RED.nodes.createNode(this, config);
      }
      RED.nodes.registerType('graylog-server', SilentNode);
      RED.nodes.registerType('graylog-out', SilentNode);
    },
  };
}

/** Two servers, `main` and `other`, each with a `graylog-out` in the flow `f`. */
export const TWO_SERVERS: object[] = [
  { id: 'mainServer', type: 'graylog-server', name: 'main' },
  { id: 'otherServer', type: 'graylog-server', name: 'other' },
  { id: 'toMain', z: 'f', type: 'graylog-out', server: 'mainServer', wires: [] },
  { id: 'toOther', z: 'f', type: 'graylog-out', server: 'otherServer', wires: [] },
];
