import { EventEmitter } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { PressureSource, WindowSource } from '../../lib/back-pressure.ts';
import { configured, environmentOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { isConfigured } from '../../lib/flow-lifecycle.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { packageVersion } from '../../lib/io/package-version.ts';
import { Resolver } from '../../lib/io/resolver.ts';
import { logVisibly } from '../../lib/status.ts';
import { tlsOptions } from '../../lib/tls-config.ts';
import { endpointName, largestMessage, tlsFault, withPort } from './endpoint.ts';
import { type Addresses, readAddresses } from './io/addresses.ts';
import { AlertEnds } from './io/alert-ends.ts';
import type { Done } from './io/buffer/queue.ts';
import { Heartbeats } from './io/heartbeats.ts';
import { Delivery, type Summary } from './io/ship/delivery.ts';
import { createTransportFactory } from './io/transports/factory.ts';
import { type DeliveryConfig, deliveryOptions } from './options.ts';
import { registerRoutes } from './routes.ts';

interface GraylogServerConfig extends NodeDef, DeliveryConfig, Addresses {
  host: string;
  tls: string;
}

/** What `graylog-out` sees of the config node. */
export interface GraylogServer extends Node {
  /** Why nothing can be sent with this configuration, for people; undefined where it is sound. */
  readonly fault: string | undefined;
  /** Emits `change` when the state of a connection changes. */
  readonly deliveries: EventEmitter;
  /** The `host` of a msg that names none. */
  readonly host: string;
  /** Scheme, host and port of each address. */
  readonly origins: readonly string[];
  /** The largest document in bytes that every endpoint takes. */
  readonly largestBytes: number;
  summary(): Summary;
  /** What was counted since the first start. */
  counters(): Delivery['counters'];
  /** Sends a GELF document, to `port` where it is given. `done` is called once, when it was sent or is kept. */
  ship(document: string, eventId: unknown, port: number | undefined, done: Done): void;
  /** A document of an alert is shipped: its end will be, too, where its node is deleted. */
  noteAlert: AlertEnds['note'];
}

export default function register(RED: NodeAPI): void {
  const resolver = new Resolver();
  const words = (error: unknown): string => (error === undefined ? '' : explain(error, RED._));

  function GraylogServerNode(this: Node, config: GraylogServerConfig): void {
    RED.nodes.createNode(this, config);
    logVisibly(this);
    const environment = environmentOf(RED.util, this);
    const options = deliveryOptions(config);
    const host = setting(config.host, environment, 'MONITORED_HOST') ?? monitoredHost(environment);
    const tls = (): ConnectionOptions => tlsOptions(RED.nodes, config.tls);
    const authorization = configured((this.credentials as { authorization?: string } | undefined)?.authorization);
    const userDir = userDirOf(RED.settings);
    const { endpoints, fault: addressFault } = readAddresses(config, environment, userDir, authorization);
    const fault = addressFault ?? tlsFault(endpoints, tls);
    const deliveries = new EventEmitter().setMaxListeners(0);
    const pressure = new PressureSource(RED.events, this.id);
    const files = { userDir, id: this.id.replace(/[^\w.-]/g, '_') };
    const delivery = new Delivery({
      ...files,
      options,
      endpoints: (port) => withPort(endpoints, port),
      createTransport: createTransportFactory(options, { tls, authorization, resolver }),
      onStateLost: (error) => this.warn(words(error)),
      onPressure: (isFull) => pressure.set(isFull),
      onStorage: (event, error) =>
        logChange(this, event === 'kept', RED._(`graylog-server.storage.${event}`, { detail: words(error) })),
      onState: ({ state, endpoint, error }) => {
        logChange(this, state !== 'away', RED._(`graylog-server.log.${state}`, { endpoint, reason: words(error) }));
        deliveries.emit('change');
      },
    });
    const alerts = new AlertEnds({
      ...files,
      events: RED.events,
      isRunning: (node) => Boolean(RED.nodes.getNode(node)),
      message: (subject) => RED._('graylog-server.alertRemoved', { subject }),
      ship: (fields, port) => delivery.shipFields(fields, port, () => undefined),
      onFault: (error) => this.warn(words(error)),
    });
    Object.assign(this, {
      fault: fault === undefined ? undefined : words(fault),
      deliveries,
      host,
      origins: endpoints.map(endpointName),
      largestBytes: largestMessage(endpoints, options.chunkBytes),
      summary: () => delivery.summary,
      counters: () => delivery.counters,
      ship: delivery.ship.bind(delivery),
      noteAlert: alerts.note.bind(alerts),
    } satisfies Omit<GraylogServer, keyof Node>);

    const window = new WindowSource(RED.events, this.id, delivery.windowMs);
    delivery.start();
    const heartbeats = new Heartbeats({
      delivery,
      host,
      packageVersion: packageVersion(),
      nodeRedVersion: String((RED.settings as { version?: unknown }).version),
    });

    this.on('close', async (removed: boolean, done: () => void) => {
      window.close();
      heartbeats.close();
      pressure.close();
      try {
        const isGone = removed && !isConfigured(this.id, RED.nodes.eachNode);
        await alerts.close(isGone);
        const count = await delivery.close(isGone);
        if (count > 0) this.warn(RED._(`graylog-server.log.${isGone ? 'removed' : 'left'}`, { count }));
      } catch (error) {
        this.warn(words(error));
      }
      done();
    });
  }
  RED.nodes.registerType('graylog-server', GraylogServerNode, {
    credentials: { authorization: { type: 'password' } },
  });
  registerRoutes(RED, () => monitoredHost(() => undefined));
}

function logChange(node: Node, isGood: boolean, text: string): void {
  if (isGood) node.log(text);
  else node.warn(text);
}
