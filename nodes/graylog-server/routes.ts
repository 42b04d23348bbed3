import type { NodeAPI } from 'node-red';
import { dialogValue, setting } from '../../lib/environment.ts';
import { createEncoder } from '../../lib/gelf-encoder.ts';
import { readEndpoints } from './endpoint.ts';
import { testEndpoints } from './io/connection-test.ts';
import { createTransportFactory } from './io/transports/factory.ts';
import { type DeliveryConfig, deliveryOptions } from './options.ts';
import { ownCollectorEndpoint } from './own-collector.ts';

/** The dialog as it stands, not yet deployed. */
interface TestRequest extends DeliveryConfig {
  id?: string;
  endpoints?: string;
  port?: string;
  host?: string;
  tls?: string;
  authorization?: string;
}

interface TlsConfigNode {
  addTLSOptions(options: object): object;
}

/** What the editor shows, and sends back, for a credential that is set. */
const UNCHANGED = '__PWRD__';

/** The route of the Test button: sends one record to every address in the dialog and answers what happened, in words. */
export function registerRoutes(RED: NodeAPI, hostname: () => string): void {
  RED.httpAdmin.post(
    '/infra-monitoring/graylog-server/test',
    RED.auth.needsPermission('graylog-server.write'),
    async (request, response) => {
      const body = (request.body ?? {}) as TestRequest;
      const variable = (name: string): string | undefined => process.env[name];
      const url = setting(dialogValue(body.endpoints, variable), variable, 'LOGGING_URL');
      const port = setting(dialogValue(body.port, variable), variable, 'LOGGING_PORT');
      const { endpoints, fault } = readEndpoints(url, port);
      if (fault !== undefined) {
        response.json({ results: [RED._(`graylog-server.fault.${fault.key}`, { text: fault.text })] });
        return;
      }
      const saved = RED.nodes.getCredentials(body.id ?? '') as { authorization?: string } | null;
      const tlsNode = RED.nodes.getNode(body.tls ?? '') as unknown as TlsConfigNode | null;
      const createTransport = createTransportFactory(deliveryOptions(body), {
        tls: () => tlsNode?.addTLSOptions({}) ?? {},
        authorization: body.authorization === UNCHANGED ? saved?.authorization : body.authorization || undefined,
        isEmbedded: url === undefined,
      });
      const targets = url === undefined ? ownCollectorEndpoint(RED.server, RED.settings) : endpoints;
      const document = createEncoder()({
        short_message: RED._('graylog-server.test.message'),
        host: dialogValue(body.host, variable) ?? setting(undefined, variable, 'MONITORED_HOST') ?? hostname(),
        timestamp: Date.now() / 1000,
        level: 6,
      });
      const results = await testEndpoints(targets, createTransport, document);
      response.json({
        results: results.map(({ endpoint, outcome, reason = '' }) =>
          RED._(`graylog-server.test.${outcome}`, { endpoint, reason }),
        ),
      });
    },
  );
}
