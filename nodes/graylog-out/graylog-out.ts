import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { brief } from '../../lib/brief.ts';
import { closeDirectInput, openDirectInput, type ToMsg } from '../../lib/direct-input.ts';
import { configured, environmentOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { handleInput } from '../../lib/input.ts';
import { MsgWatchers, type Watchable } from '../../lib/io/msg-watchers.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { parseNumberTexts } from '../../lib/number-texts.ts';
import { containerNameOf } from '../../lib/pods/record-name.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { RingInput } from '../../lib/ring.ts';
import { parseStaticFields, type StaticFields, staticFieldsFault } from '../../lib/static-fields.ts';
import { StatusReporter } from '../../lib/status.ts';
import type { GraylogServer } from '../graylog-server/graylog-server.ts';
import type { ShapeOptions } from './document/shape.ts';
import { createDirectWriter, createWriter } from './document/writer.ts';
import { Destinations, Documents } from './documents.ts';
import { Handover } from './handover.ts';
import { parseOverrides } from './overrides.ts';
import { createPortChoice } from './port.ts';

interface GraylogOutConfig extends NodeDef {
  server: string;
  port: string;
  fields?: string;
}

type Msg = NodeMessageInFlow & { gelf?: unknown; numbers?: unknown; alert_node?: unknown; alert_event?: unknown };

const REFRESH_MS = 5_000;

/** A flow that was edited by hand may name any node. */
function serverOf(node: Node | null): GraylogServer | undefined {
  return node?.type === 'graylog-server' && 'ship' in node ? (node as GraylogServer) : undefined;
}

/** The fields of the dialog; none where they are wrong: that keeps no record back. */
function fieldsOf(text: unknown): StaticFields {
  try {
    return parseStaticFields(text);
  } catch {
    return {};
  }
}

/** What of a payload tells its source, beside its `log_type`. */
function sourceOf(payload: unknown): { readonly stream?: unknown; readonly container?: unknown } {
  if (typeof payload !== 'object' || payload === null) return {};
  const fields = payload as { readonly [key: string]: unknown };
  return { stream: fields.stream, container: containerNameOf(fields) };
}

export default function register(RED: NodeAPI): void {
  function GraylogOutNode(this: Node, config: GraylogOutConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const reporter = new StatusReporter(this, (key, args) => RED._(`graylog-out.${key}`, args), RED.events);
    const failed = (error: unknown): Error => new Error(explain(error, RED._), { cause: error });
    const server = serverOf(RED.nodes.getNode(config.server));
    if (server === undefined) {
      reporter.report('fault', 'status.noServer');
      handleInput<Msg>(this, () => Promise.reject(new MonitoringError('NO_SERVER')), failed);
      return;
    }
    const { host, largestBytes } = server;
    const fieldsFault = staticFieldsFault(configured(config.fields), RED._) ?? server.fieldsFault;
    const shapeNow = () => ({
      host,
      largestBytes,
      staticFields: { ...server.staticFields, ...fieldsOf(configured(config.fields)) },
    });
    let write = createWriter(shapeNow());
    const portOf = createPortChoice(configured(config.port), environmentOf(RED.util, this));

    const ring = new RingInput(RED.events, this.id);

    const watchers = new MsgWatchers(RED as unknown as Watchable);
    const handover = new Handover(
      server,
      () => watchers.watchDone,
      (error, payload) => this.error(failed(error), { payload }),
    );
    handleInput<Msg>(
      this,
      (msg, done) => {
        const { port, fields } = parseOverrides(msg.gelf);
        const written = write(msg.payload, Date.now, fields, parseNumberTexts(msg.numbers));
        if (written.fault !== undefined) throw new MonitoringError(written.fault);
        const { document, eventId, logType } = written;
        if (logType === 'alert')
          server.noteAlert(msg.alert_node, msg.alert_event === true, document, port ?? portOf(logType));
        handover.ship(document, eventId, port ?? portOf(logType), done);
        const { stream, container } = sourceOf(msg.payload);
        ring.keep?.(document, logType, stream, container);
        return undefined;
      },
      failed,
    );

    const documentsOf = (shape: ShapeOptions): Documents<InfraRecord> =>
      new Documents(createDirectWriter(shape), server, ring, handover.settled);
    let documents = documentsOf(shapeNow());
    const renew = (): void => {
      documents.flush();
      write = createWriter(shapeNow());
      documents = documentsOf(shapeNow());
    };
    server.deliveries.on('fields', renew);
    const destinations = new Destinations(portOf);
    const takeOne = (record: InfraRecord, toMsg: ToMsg, nowMs: number): void => {
      if (server.isRepeat(record.event_id, nowMs)) return;
      const to = destinations.of(record);
      if (documents.add(record, to)) return;
      documents.flush();
      const written = write(record, Date.now);
      if (written.fault !== undefined) {
        this.error(failed(new MonitoringError(written.fault)), { ...toMsg({ ...record }) });
        return;
      }
      handover.ship(written.document, undefined, to.port, () => undefined);
      ring.keep?.(written.document, to.logType, to.stream, to.container);
    };
    openDirectInput(this, {
      isOpen: () => !watchers.watchAny,
      isBusy: () => server.isBusy(),
      take: (records, toMsg) => {
        const nowMs = performance.now();
        documents.begin(records);
        for (const record of records) takeOne(record, toMsg, nowMs);
        documents.end();
      },
    });

    const awayOf = (endpoint: string, error: unknown) => ({
      endpoint,
      why: brief(error, RED._),
      reason: server.explain(error, endpoint),
    });
    const showBadServer = (reason: string): void =>
      reporter.report(server.isSpokenForBy(this.id) ? 'fault' : 'bad', 'status.badServer', { reason });
    const tellDropped = (): void => {
      const count = server.takeDropped();
      if (count > 0) this.error(failed(new MonitoringError('RECORDS_DROPPED', { count })), {});
    };
    const show = (): void => {
      tellDropped();
      const { state, endpoint, error, buffered } = server.summary();
      if (fieldsFault !== undefined) reporter.report('fault', 'status.badFields', { reason: fieldsFault });
      else if (server.fault !== undefined) showBadServer(server.fault);
      else if (state === 'connecting') reporter.report('busy', 'status.connecting');
      else if (state === 'away') reporter.report('bad', 'status.away', { ...awayOf(endpoint, error), count: buffered });
      else if (server.isHostDoubtful) reporter.report('fault', 'status.noHostName', { host });
      else reporter.report('ok', endpoint.startsWith('file:') ? 'status.writing' : 'status.connected', { endpoint });
    };
    show();
    server.deliveries.on('change', show);
    const refresh = setInterval(show, REFRESH_MS);
    this.on('close', (done: () => void) => {
      clearInterval(refresh);
      closeDirectInput(this);
      watchers.close();
      ring.close();
      server.deliveries.off('change', show).off('fields', renew);
      // A node that is done hears nothing more: what a source sent in this turn of the event loop arrives in the next.
      setImmediate(() => setImmediate(done));
    });
  }
  registerFaultRoute(RED, 'graylog-out');
  RED.nodes.registerType('graylog-out', GraylogOutNode);
}
