import { EventEmitter } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { answerSources, PressureSource, WindowSource } from '../../lib/back-pressure.ts';
import { configured, environmentOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { isConfigured } from '../../lib/flow-lifecycle.ts';
import { findHost, monitoredHost } from '../../lib/io/host.ts';
import { packageVersion } from '../../lib/io/package-version.ts';
import { Resolver } from '../../lib/io/resolver.ts';
import { logVisibly } from '../../lib/node-log.ts';
import type { StaticFields } from '../../lib/static-fields.ts';
import type { FaultyNode } from '../../lib/status.ts';
import { tlsOptions } from '../../lib/tls-config.ts';
import { DroppedRecords } from './dropped-records.ts';
import { endpointName, largestMessage, tlsFault, withPort } from './endpoint.ts';
import { type Addresses, brokerLogin, readAddresses, type Secrets } from './io/addresses.ts';
import { AlertEnds } from './io/alert-ends.ts';
import type { Done } from './io/buffer/queue.ts';
import { Heartbeats } from './io/heartbeats.ts';
import { InstanceMetadata } from './io/instance-metadata.ts';
import { KnownNames } from './io/known-name.ts';
import { Delivery, type Summary } from './io/ship/delivery.ts';
import { createTransportFactory } from './io/transports/factory.ts';
import { type DeliveryConfig, deliveryOptions } from './options.ts';
import { registerRoutes } from './routes.ts';
import { serverFields } from './server-fields.ts';
import { explainDelivery } from './why.ts';

interface GraylogServerConfig extends NodeDef, DeliveryConfig, Addresses {
  host: string;
  tls: string;
  fields?: string;
}

/** What `graylog-out` sees of the config node. */
export interface GraylogServer extends Node {
  /** Why nothing can be sent with this configuration, for people; undefined where it is sound. */
  readonly fault: string | undefined;
  /** Fields that every document gets where its record has none of the name. */
  readonly staticFields: StaticFields;
  /** What is wrong with the fields of the dialog or the variable, for people: nothing is kept back for it. */
  readonly fieldsFault: string | undefined;
  /** Emits `change` when the state of a connection changes, and `fields` when the static fields have become more. */
  readonly deliveries: EventEmitter;
  /** The `host` of a msg that names none. */
  readonly host: string;
  /** Whether that is the name of a container, for want of a better one: nothing is kept back for it. */
  readonly isHostDoubtful: boolean;
  /** Scheme, host and port of each address. */
  readonly origins: readonly string[];
  /** The largest document in bytes that every endpoint takes. */
  readonly largestBytes: number;
  summary(): Summary;
  /** Whether a `graylog-out` is the one that logs the fault of the server: all show it. */
  isSpokenForBy(id: string): boolean;
  /** Why nothing is delivered, with what helps, for people. */
  explain(error: unknown, endpoint: string): string;
  /** How many records were dropped since it was told last; one of all who ask is told, once a minute. */
  takeDropped(): number;
  /** What was counted since the first start. */
  counters(): Delivery['counters'];
  /** Sends a GELF document, to `port` where it is given. `done` is called once, when it was sent or is kept. */
  ship(document: string, eventId: unknown, port: number | undefined, done: Done): void;
  /** The same for many documents, each followed by a NUL, of which none `isRepeat`. */
  shipAll: Delivery['shipAll'];
  isRepeat: Delivery['isRepeat'];
  /** Whether so much waits in memory that whoever can wait should. */
  isBusy: Delivery['isBusy'];
  /** A document of an alert is shipped: its end will be, too, where its node is deleted. */
  noteAlert: AlertEnds['note'];
}

export default function register(RED: NodeAPI): void {
  const resolver = new Resolver();
  const awayText = ({ state, endpoint, error }: Summary): string | undefined =>
    state === 'away' ? logText('away', endpoint, error) : undefined;
  const logText = (state: string, endpoint: string, error: unknown): string =>
    RED._(`graylog-server.log.${state}`, {
      endpoint,
      reason: error === undefined ? '' : explainDelivery(error, endpoint, RED._),
    });
  const words = (error: unknown): string => (error === undefined ? '' : explain(error, RED._));

  function GraylogServerNode(this: Node, config: GraylogServerConfig): void {
    RED.nodes.createNode(this, config);
    logVisibly(this, { label: RED._('graylog-server.label.node') });
    const environment = environmentOf(RED.util, this);
    const options = deliveryOptions(config);
    const own = findHost(environment);
    const named = setting(config.host, environment, 'MONITORED_HOST');
    const host = named ?? own.name;
    const tls = (): ConnectionOptions => tlsOptions(RED.nodes, config.tls);
    const secrets = (this.credentials ?? {}) as Secrets;
    const authorization = configured(secrets.authorization);
    const userDir = userDirOf(RED.settings);
    const { endpoints, fault: addressFault } = readAddresses(config, environment, userDir, secrets);
    const { fields, fault: fieldsFault } = serverFields(config.fields, environment);
    const staticFields: { [name: string]: string | number } = { ...fields };
    const fault = addressFault ?? tlsFault(endpoints, tls);
    const deliveries = new EventEmitter().setMaxListeners(0);
    const pressure = new PressureSource(RED.events, this.id);
    const files = { userDir, id: this.id.replace(/[^\w.-]/g, '_') };
    const delivery = new Delivery({
      ...files,
      options,
      endpoints: (port) => withPort(endpoints, port),
      createTransport: createTransportFactory(options, { tls, authorization, login: brokerLogin(secrets), resolver }),
      onStateLost: (error) => this.warn(words(error)),
      onPressure: (isFull) => pressure.set(isFull),
      onStorage: (event, error) =>
        logChange(this, event === 'kept', RED._(`graylog-server.storage.${event}`, { detail: words(error) })),
      onState: ({ state, endpoint, error }) => {
        logChange(this, state !== 'away', logText(state, endpoint, error));
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
    const names = new KnownNames(userDir, files.id, ({ kind, ...change }) =>
      this.warn(RED._(`graylog-server.identity.${kind}`, { ...change })),
    );
    names.see('host', host);
    const metadata = isOn(environment('MONITORING_EC2'))
      ? new InstanceMetadata({
          base: environment('AWS_EC2_METADATA_SERVICE_ENDPOINT'),
          onFields: (instance) => {
            Object.assign(staticFields, { ...instance, ...fields });
            if (instance.ec2_instance_id !== undefined) names.see('instance', String(instance.ec2_instance_id));
            deliveries.emit('fields');
          },
          onFault: (error) => this.warn(words(error)),
        })
      : undefined;
    const dropped = new DroppedRecords(delivery.counters.dropped);
    let speaker: string | undefined;
    Object.assign(this, {
      fault: fault === undefined ? undefined : words(fault),
      staticFields,
      fieldsFault: fieldsFault === undefined ? undefined : words(fieldsFault),
      deliveries,
      host,
      isHostDoubtful: named === undefined && own.isDoubtful,
      origins: endpoints.map(endpointName),
      largestBytes: largestMessage(endpoints, options.chunkBytes),
      summary: () => delivery.summary,
      explain: (error, endpoint) => explainDelivery(error, endpoint, RED._),
      isSpokenForBy(id) {
        speaker ??= id;
        return speaker === id;
      },
      takeDropped: () => dropped.take(delivery.counters.dropped, performance.now()),
      counters: () => delivery.counters,
      ship: delivery.ship.bind(delivery),
      shipAll: delivery.shipAll.bind(delivery),
      isRepeat: delivery.isRepeat.bind(delivery),
      isBusy: delivery.isBusy.bind(delivery),
      noteAlert: alerts.note.bind(alerts),
      presentFault: () => (fault === undefined ? awayText(delivery.summary) : words(fault)),
    } satisfies Omit<GraylogServer, keyof Node> & FaultyNode);

    const window = new WindowSource(RED.events, this.id, delivery.windowMs);
    const leaveSources = answerSources(RED.events, this.id, delivery);
    delivery.start();
    const heartbeats = new Heartbeats({
      delivery,
      host,
      staticFields,
      packageVersion: packageVersion(),
      nodeRedVersion: String((RED.settings as { version?: unknown }).version),
    });

    this.on('close', async (removed: boolean, done: () => void) => {
      metadata?.close();
      window.close();
      leaveSources();
      heartbeats.close();
      pressure.close();
      try {
        const isGone = removed && !isConfigured(this.id, RED.nodes.eachNode);
        await alerts.close(isGone);
        const count = await delivery.close(isGone);
        await names.close(isGone);
        if (count > 0) this.warn(RED._(`graylog-server.log.${isGone ? 'removed' : 'left'}`, { count }));
      } catch (error) {
        this.warn(words(error));
      }
      done();
    });
  }
  registerFaultRoute(RED, 'graylog-server');
  RED.nodes.registerType('graylog-server', GraylogServerNode, {
    credentials: {
      authorization: { type: 'password' },
      brokerUser: { type: 'text' },
      brokerPassword: { type: 'password' },
    },
  });
  registerRoutes(RED, () => monitoredHost(() => undefined));
}

const isOn = (variable: string | undefined): boolean =>
  ['1', 'true', 'yes', 'on'].includes(variable?.trim().toLowerCase() ?? '');

function logChange(node: Node, isGood: boolean, text: string): void {
  if (isGood) node.log(text);
  else node.warn(text);
}
