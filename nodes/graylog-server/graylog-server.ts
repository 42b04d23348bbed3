import { EventEmitter } from 'node:events';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { configured, environmentOf, setting } from '../../lib/environment.ts';
import { monitoredHost } from '../../lib/host.ts';
import { createPressureSource } from '../../lib/pressure.ts';
import { createGelfClient, type GelfClient } from './client.ts';
import { embeddedEndpoint } from './embedded.ts';
import type { GelfFields } from './encode.ts';
import {
  type Endpoint,
  type EndpointFault,
  largestMessage,
  parseEndpoints,
  requirePort,
  withPort,
} from './endpoint.ts';
import { type DeliveryConfig, deliveryOptions } from './options.ts';
import type { Done } from './queue.ts';
import { Shipper, type ShipperState } from './shipper.ts';
import { createTransportFactory } from './transports/factory.ts';

interface GraylogServerConfig extends NodeDef, DeliveryConfig {
  endpoints: string;
  port: string;
  host: string;
  tls: string;
}

interface TlsConfigNode {
  addTLSOptions(options: object): object;
}

/** What `graylog-out` sees of the config node. */
export interface GraylogServer extends Node {
  /** Why nothing can be sent with this configuration, for people; undefined where it is sound. */
  readonly fault: string | undefined;
  /** Emits `change` when the state of a connection changes. */
  readonly deliveries: EventEmitter;
  /** The `host` of a msg that names none. */
  readonly host: string;
  /** The largest document in bytes that every endpoint takes. */
  readonly largestBytes: number;
  /** The worst state among the connections, and how many messages wait in all. */
  delivery(): ShipperState & { buffered: number };
  /** Sends a message, to `port` where it is given. `done` is called once. */
  ship(fields: GelfFields, port: number | undefined, done: Done): void;
}

interface Lane {
  shipper: Shipper;
  client: GelfClient;
}

const SEVERITY = { connected: 0, connecting: 1, away: 2 };

export default function register(RED: NodeAPI): void {
  function GraylogServerNode(this: Node, config: GraylogServerConfig): void {
    RED.nodes.createNode(this, config);
    const environment = environmentOf(RED.util, this);
    const options = deliveryOptions(config);
    const url = setting(config.endpoints, environment, 'LOGGING_URL');
    const tlsNode = RED.nodes.getNode(config.tls) as unknown as TlsConfigNode | null;
    const { authorization } = this.credentials as { authorization?: string };
    let endpoints: Endpoint[] = [];
    let fault: string | undefined;
    try {
      const port = requirePort(setting(config.port, environment, 'LOGGING_PORT'));
      endpoints = url === undefined ? [] : parseEndpoints(url, port);
    } catch (error) {
      const { key, text } = error as EndpointFault;
      fault = RED._(`graylog-server.fault.${key}`, { text });
    }
    const createTransport = createTransportFactory(options, {
      tls: () => tlsNode?.addTLSOptions({}) ?? {},
      authorization: configured(authorization),
      isEmbedded: url === undefined,
    });
    const deliveries = new EventEmitter().setMaxListeners(0);
    const lanes = new Map<number | undefined, Lane>();

    const openLane = (port: number | undefined): Lane => {
      const pressure = createPressureSource(RED.events, `${this.id}:${port ?? ''}`);
      const shipper = new Shipper({
        ...options.shipper,
        endpoints: () => (url === undefined ? embeddedEndpoint(RED.server, RED.settings) : withPort(endpoints, port)),
        createTransport,
        onPressure: (full) => pressure.set(full),
        onState: (state) => {
          const args = { endpoint: state.endpoint, reason: state.reason ?? '' };
          if (state.state === 'away') this.warn(RED._('graylog-server.log.away', args));
          else this.log(RED._(`graylog-server.log.${state.state}`, args));
          deliveries.emit('change');
        },
      });
      shipper.start();
      const lane = { shipper, client: createGelfClient((text, done) => shipper.offer(text, done)) };
      lanes.set(port, lane);
      this.once('close', () => pressure.close());
      return lane;
    };

    const server: Omit<GraylogServer, keyof Node> = {
      deliveries,
      fault,
      host: setting(config.host, environment, 'MONITORED_HOST') ?? monitoredHost(environment),
      largestBytes: endpoints.length === 0 ? 65_535 : largestMessage(endpoints, options.chunkBytes),
      delivery() {
        const shippers = [...lanes.values()].map(({ shipper }) => shipper);
        const states = shippers.map(({ state }) => state);
        const worst = states.toSorted((a, b) => SEVERITY[b.state] - SEVERITY[a.state])[0];
        const buffered = shippers.reduce((sum, shipper) => sum + shipper.buffered, 0);
        return { ...(worst ?? { state: 'connecting', endpoint: '' }), buffered };
      },
      ship(fields, port, done) {
        const { client } = lanes.get(port) ?? openLane(port);
        client.send(client.getStringFromObject(fields), done);
      },
    };
    Object.assign(this, server);

    this.on('close', (done: () => void) => {
      const closing = [...lanes.values()].map(({ shipper }) => shipper.close());
      void Promise.all(closing).then((left) => {
        const count = left.reduce((sum, messages) => sum + messages, 0);
        if (count > 0) this.warn(RED._('graylog-server.log.left', { count }));
        done();
      });
    });
  }
  RED.nodes.registerType('graylog-server', GraylogServerNode, {
    credentials: { authorization: { type: 'password' } },
  });
}
