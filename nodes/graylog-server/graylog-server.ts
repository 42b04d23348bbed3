import { EventEmitter } from 'node:events';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { createPressureSource } from '../../lib/back-pressure.ts';
import { configured, environmentOf, setting } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { packageVersion } from '../../lib/io/package-version.ts';
import { largestMessage, readEndpoints, withPort } from './endpoint.ts';
import { heartbeat } from './heartbeat.ts';
import type { Done } from './io/buffer/queue.ts';
import { Delivery, type Summary } from './io/ship/delivery.ts';
import { createTransportFactory } from './io/transports/factory.ts';
import { type DeliveryConfig, deliveryOptions } from './options.ts';
import { ownCollectorEndpoint } from './own-collector.ts';
import { registerRoutes } from './routes.ts';

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
  summary(): Summary;
  /** Sends a GELF document, to `port` where it is given. `done` is called once, when it was sent or is kept. */
  ship(document: string, eventId: unknown, port: number | undefined, done: Done): void;
}

const HEARTBEAT_MS = 60_000;
const EMBEDDED_BYTES = 65_535;

export default function register(RED: NodeAPI): void {
  function GraylogServerNode(this: Node, config: GraylogServerConfig): void {
    RED.nodes.createNode(this, config);
    const environment = environmentOf(RED.util, this);
    const options = deliveryOptions(config);
    const url = setting(config.endpoints, environment, 'LOGGING_URL');
    const host = setting(config.host, environment, 'MONITORED_HOST') ?? monitoredHost(environment);
    const tlsNode = RED.nodes.getNode(config.tls) as unknown as TlsConfigNode | null;
    const { authorization } = (this.credentials ?? {}) as { authorization?: string };
    const { endpoints, fault } = readEndpoints(url, setting(config.port, environment, 'LOGGING_PORT'));
    const deliveries = new EventEmitter().setMaxListeners(0);
    const pressure = createPressureSource(RED.events, this.id);
    const delivery = new Delivery({
      userDir: RED.settings.userDir ?? '.',
      id: this.id.replace(/[^\w.-]/g, '_'),
      options,
      isEmbedded: url === undefined,
      endpoints: (port) =>
        url === undefined ? ownCollectorEndpoint(RED.server, RED.settings) : withPort(endpoints, port),
      createTransport: createTransportFactory(options, {
        tls: () => tlsNode?.addTLSOptions({}) ?? {},
        authorization: configured(authorization),
        isEmbedded: url === undefined,
      }),
      onPressure: pressure.set,
      onStorage: (event, error) => {
        const detail = error === undefined ? '' : explain(error, RED._);
        const text = RED._(`graylog-server.storage.${event}`, { detail });
        if (event === 'kept') this.log(text);
        else this.warn(text);
      },
      onState: (state) => {
        const text = RED._(`graylog-server.log.${state.state}`, {
          endpoint: state.endpoint,
          reason: state.reason ?? '',
        });
        if (state.state === 'away') this.warn(text);
        else this.log(text);
        deliveries.emit('change');
      },
    });
    Object.assign(this, {
      fault: fault && RED._(`graylog-server.fault.${fault.key}`, { text: fault.text }),
      deliveries,
      host,
      largestBytes: endpoints.length === 0 ? EMBEDDED_BYTES : largestMessage(endpoints, options.chunkBytes),
      summary: () => delivery.summary,
      ship: delivery.ship.bind(delivery),
    } satisfies Omit<GraylogServer, keyof Node>);

    delivery.start();
    const versions = {
      packageVersion: packageVersion(),
      nodeRedVersion: String((RED.settings as { version?: unknown }).version),
    };
    let droppedBefore = delivery.counters.dropped;
    const beat = setInterval(() => {
      const { counters, summary } = delivery;
      const newlyDropped = counters.dropped - droppedBefore;
      droppedBefore = counters.dropped;
      const health = { ...counters, ...summary, ...versions, newlyDropped };
      delivery.shipFields(heartbeat(health, host, Date.now()), undefined, () => undefined);
    }, HEARTBEAT_MS);

    this.on('close', (done: () => void) => {
      clearInterval(beat);
      pressure.close();
      void delivery.close().then((count) => {
        if (count > 0) this.warn(RED._('graylog-server.log.left', { count }));
        done();
      });
    });
  }
  RED.nodes.registerType('graylog-server', GraylogServerNode, {
    credentials: { authorization: { type: 'password' } },
  });
  registerRoutes(RED, () => monitoredHost(() => undefined));
}
