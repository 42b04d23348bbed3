import type { NodeAPI } from 'node-red';
import { dialogValue, setting } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { createEncoder } from '../../lib/gelf-encoder.ts';
import { tlsOptions } from '../../lib/tls-config.ts';
import { readEndpoints } from './endpoint.ts';
import { testEndpoints } from './io/connection-test.ts';
import { createTransportFactory } from './io/transports/factory.ts';
import { deliveryOptions } from './options.ts';
import { ownCollectorEndpoint } from './own-collector.ts';
import { parseTestRequest, type TestRequest } from './test-request.ts';

/** What the editor shows, and sends back, for a credential that is set. */
const UNCHANGED = '__PWRD__';

const variable = (name: string): string | undefined => process.env[name];

/** The route of the Test button: sends one record to every address in the dialog and answers what happened, in words. */
export function registerRoutes(RED: NodeAPI, hostname: () => string): void {
  RED.httpAdmin.post(
    '/infra-monitoring/graylog-server/test',
    RED.auth.needsPermission('graylog-server.write'),
    (request, response, next) => {
      testDialog(RED, hostname, parseTestRequest(request.body)).then((results) => response.json({ results }), next);
    },
  );
}

/** What became of the record at each address, in words. */
async function testDialog(RED: NodeAPI, hostname: () => string, dialog: TestRequest): Promise<string[]> {
  const url = setting(dialogValue(dialog.endpoints, variable, ['LOGGING_URL']), variable, 'LOGGING_URL');
  const port = setting(dialogValue(dialog.port, variable, ['LOGGING_PORT']), variable, 'LOGGING_PORT');
  const { endpoints, fault } = readEndpoints(url, port);
  if (fault !== undefined) return [explain(fault, RED._)];
  const createTransport = createTransportFactory(deliveryOptions(dialog), {
    tls: () => tlsOptions(RED.nodes, dialog.tls),
    authorization:
      dialog.authorization === UNCHANGED ? savedAuthorization(RED, dialog) : dialog.authorization || undefined,
    isEmbedded: url === undefined,
  });
  const targets = url === undefined ? ownCollectorEndpoint(RED.server, RED.settings) : endpoints;
  const document = createEncoder()({
    short_message: RED._('graylog-server.test.message'),
    host:
      dialogValue(dialog.host, variable, ['MONITORED_HOST']) ??
      setting(undefined, variable, 'MONITORED_HOST') ??
      hostname(),
    timestamp: Date.now() / 1000,
    level: 6,
  });
  const results = await testEndpoints(targets, createTransport, document);
  return results.map(({ endpoint, outcome, error }) =>
    RED._(`graylog-server.test.${outcome}`, { endpoint, reason: outcome === 'failed' ? explain(error, RED._) : '' }),
  );
}

function savedAuthorization(RED: NodeAPI, { id = '' }: TestRequest): string | undefined {
  const saved = RED.nodes.getCredentials(id) as { authorization?: unknown } | null;
  return typeof saved?.authorization === 'string' ? saved.authorization : undefined;
}
