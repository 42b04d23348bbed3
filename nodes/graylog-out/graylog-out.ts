import type { Node, NodeAPI, NodeDef } from 'node-red';
import { configured, environmentOf } from '../../lib/environment.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { parsePort } from '../../lib/port.ts';
import { StatusReporter } from '../../lib/status.ts';
import type { GraylogServer } from '../graylog-server/graylog-server.ts';
import { createWriter } from './document/writer.ts';
import { createPortChoice } from './port.ts';
import { parseStaticFields } from './static-fields.ts';

interface GraylogOutConfig extends NodeDef {
  server: string;
  port: string;
  fields?: string;
}

interface Overrides {
  port?: number | undefined;
  /** Keys that come before the payload's; undefined where there are none. */
  fields?: object;
}

const NONE: Overrides = {};

const REFRESH_MS = 5_000;

/** What a flow may set for one msg: `msg.gelf`. */
function readOverrides(gelf: unknown): Overrides {
  if (typeof gelf !== 'object' || gelf === null) return NONE;
  const { port, ...fields } = gelf as { port?: unknown };
  return { port: parsePort(port), ...(Object.keys(fields).length > 0 ? { fields } : {}) };
}

export default function register(RED: NodeAPI): void {
  function GraylogOutNode(this: Node, config: GraylogOutConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const reporter = new StatusReporter(this, (key, args) => RED._(`graylog-out.${key}`, args));
    const server = RED.nodes.getNode(config.server) as GraylogServer | null;
    if (!server) {
      reporter.report('fault', 'status.noServer');
      this.on('input', (_msg, _send, done) => done(new Error(RED._('graylog-out.status.noServer'))));
      return;
    }
    const { host, largestBytes } = server;
    const staticFields = parseStaticFields(config.fields);
    const write = createWriter({ host, largestBytes, staticFields: staticFields ?? {} });
    const portOf = createPortChoice(configured(config.port), environmentOf(RED.util, this));

    this.on('input', (msg, _send, done) => {
      const { port, fields } = readOverrides((msg as { gelf?: unknown }).gelf);
      const written = write(msg.payload, Date.now, fields);
      if (written.fault !== undefined) {
        done(new Error(RED._(`graylog-out.fault.${written.fault}`)));
        return;
      }
      const { document, eventId, logType } = written;
      server.ship(document, eventId, port ?? portOf(logType), done);
    });

    const show = (): void => {
      const { state, endpoint, reason = '', buffered } = server.summary();
      if (staticFields === undefined) reporter.report('fault', 'status.badFields');
      else if (server.fault !== undefined) reporter.report('fault', 'status.badServer', { reason: server.fault });
      else if (state === 'connected') reporter.report('ok', 'status.connected', { endpoint });
      else if (state === 'connecting') reporter.report('busy', 'status.connecting');
      else reporter.report('bad', 'status.away', { endpoint, reason, count: buffered });
    };
    show();
    server.deliveries.on('change', show);
    const refresh = setInterval(show, REFRESH_MS);
    this.on('close', () => {
      clearInterval(refresh);
      server.deliveries.off('change', show);
    });
  }
  RED.nodes.registerType('graylog-out', GraylogOutNode);
}
