import type { Node, NodeAPI, NodeDef } from 'node-red';
import { configured, environmentOf } from '../../lib/environment.ts';
import { parsePort } from '../../lib/port.ts';
import { createReporter } from '../../lib/status.ts';
import type { GraylogServer } from '../graylog-server/graylog-server.ts';
import { createShaper } from './gelf.ts';
import { createPortChoice } from './port.ts';
import { parseStaticFields } from './static-fields.ts';

interface GraylogOutConfig extends NodeDef {
  server: string;
  port: string;
  fields?: string;
}

/** What a flow may set for one msg: keys that come before the payload's, and a port. */
interface Overrides {
  port?: unknown;
}

const REFRESH_MS = 5_000;

export default function register(RED: NodeAPI): void {
  function GraylogOutNode(this: Node, config: GraylogOutConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = createReporter(this, (key, args) => RED._(`graylog-out.${key}`, args));
    const server = RED.nodes.getNode(config.server) as GraylogServer | null;
    if (!server) {
      reporter.report('fault', 'status.noServer');
      this.on('input', (_msg, _send, done) => done(new Error(RED._('graylog-out.status.noServer'))));
      return;
    }
    const { host, largestBytes } = server;
    const staticFields = parseStaticFields(config.fields);
    const shape = createShaper({ host, largestBytes, staticFields: staticFields ?? {} });
    const portOf = createPortChoice(configured(config.port), environmentOf(RED.util, this));

    this.on('input', (msg, _send, done) => {
      const { port, ...overrides } = (msg as { gelf?: Overrides }).gelf ?? {};
      const hasOverrides = Object.keys(overrides).length > 0;
      const { gelf, fault } = shape(msg.payload, Date.now(), hasOverrides ? overrides : undefined);
      if (gelf === undefined) {
        done(new Error(RED._(`graylog-out.fault.${fault}`)));
        return;
      }
      server.ship(gelf, parsePort(port) ?? portOf(gelf.log_type), done);
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
