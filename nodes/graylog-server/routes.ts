import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { adminRoute, quoted } from '../../lib/admin-route.ts';
import { dialogValue, setting, userDirOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { createEncoder } from '../../lib/gelf-encoder.ts';
import { secretSetting } from '../../lib/io/secret-file.ts';
import { STATE_FOLDER } from '../../lib/io/state-file.ts';
import { tlsOptions } from '../../lib/tls-config.ts';
import { type Endpoint, endpointName, isBroker, readEndpoints } from './endpoint.ts';
import { brokerLogin } from './io/addresses.ts';
import { testEndpoints } from './io/connection-test.ts';
import { createTransportFactory } from './io/transports/factory.ts';
import type { Transport } from './io/transports/transport.ts';
import { deliveryOptions } from './options.ts';
import { recordFile, withRecordFile } from './record-file.ts';
import { parseTestRequest, type TestRequest } from './test-request.ts';
import { explainDelivery } from './why.ts';

/** What the editor shows, and sends back, for a credential that is set. */
const UNCHANGED = '__PWRD__';
const MAX_ADDRESSES = 10;
/** The variables that hold a port, in the table of the README. */
const PORT_VARIABLES = ['', '_DOCKER_EVENTS', '_DOCKER_LOGS', '_AUTH_LOG', '_SYSTEM_STATS', '_HTTP_CHECKS'].map(
  (kind) => `LOGGING_PORT${kind}`,
);

const variable = (name: string): string | undefined => process.env[name];

/** The route of the Test button: sends one record to every address in the dialog and answers what happened, in words. */
export function registerRoutes(RED: NodeAPI, hostname: () => string): void {
  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/graylog-server/test',
    permission: 'graylog-server.write',
    answer: async ({ body }) => {
      const words = (error: unknown): string => quoted(explain(error, RED._));
      const answers = await testDialog(RED, hostname, parseTestRequest(body)).catch((error) => [
        { text: words(error), isGood: false },
      ]);
      return { results: answers.map(({ text }) => text), areGood: answers.map(({ isGood }) => isGood) };
    },
  });
}

/** What a person is told of one address; `isGood` is null where nobody confirms what was sent. */
interface Answer {
  readonly text: string;
  readonly isGood: boolean | null;
}

/** What became of the record at each address, in words. Rejects with what is wrong with the dialog. */
async function testDialog(RED: NodeAPI, hostname: () => string, dialog: TestRequest): Promise<Answer[]> {
  const { endpoints, fault } = readEndpoints(
    () => secretSetting(dialogValue(dialog.endpoints, variable, ['LOGGING_URL']), variable, 'LOGGING_URL'),
    () => setting(dialogValue(dialog.port, variable, PORT_VARIABLES), variable, 'LOGGING_PORT'),
  );
  if (fault !== undefined) throw fault;
  if (endpoints.length > MAX_ADDRESSES) throw new MonitoringError('TOO_MANY_ADDRESSES', { most: MAX_ADDRESSES });
  const folder = join(userDirOf(RED.settings), STATE_FOLDER);
  const host =
    dialogValue(dialog.host, variable, ['MONITORED_HOST']) ??
    setting(undefined, variable, 'MONITORED_HOST') ??
    hostname();
  const document = createEncoder()({
    short_message: RED._('graylog-server.test.message'),
    host,
    timestamp: Date.now() / 1000,
    level: 6,
  });
  const results = await testEndpoints(withRecordFile(endpoints, folder), transports(RED, dialog, folder), document);
  return results.map(({ endpoint, outcome, error }) => {
    const isFile = endpoint.startsWith('file:') && outcome === 'delivered';
    const isQueued = endpoint.startsWith('amqp') && outcome === 'delivered';
    const reason = outcome === 'failed' ? quoted(explainDelivery(error, endpoint, RED._)) : '';
    const text = RED._(`graylog-server.test.${isFile ? 'written' : isQueued ? 'queued' : outcome}`, {
      endpoint,
      reason,
      ...(outcome === 'sent' && { host }),
    });
    return { text, isGood: outcome === 'sent' ? null : outcome !== 'failed' };
  });
}

/**
 * Makes the transport for an address of the dialog. What is saved is used only at an address that is deployed: whoever may
 * press the button could else send it, or append to a file, anywhere. Throws `CREDENTIAL_WITHHELD`, `FILE_NOT_DEPLOYED`.
 */
function transports(RED: NodeAPI, dialog: TestRequest, folder: string): (endpoint: Endpoint) => Transport {
  const deployed = new Set(deployedOrigins(RED, dialog));
  const tls = () => {
    const { tls: id = '', isTlsChanged } = dialog;
    // Node-RED has the configuration as it was deployed: another one would be tested than the dialog shows.
    if (id !== '' && (isTlsChanged || RED.nodes.getNode(id) === null)) throw new MonitoringError('TLS_NOT_DEPLOYED');
    return tlsOptions(RED.nodes, id);
  };
  const options = deliveryOptions(dialog);
  const secretFor = (name: 'authorization' | 'brokerPassword', isDeployed: boolean): string | undefined => {
    if (dialog[name] !== UNCHANGED) return dialog[name] || undefined;
    const saved = savedSecret(RED, dialog, name);
    if (saved !== undefined && !isDeployed) throw new MonitoringError('CREDENTIAL_WITHHELD');
    return saved;
  };
  return (endpoint) => {
    const { protocol, path } = endpoint;
    const isDeployed = deployed.has(endpointName(endpoint));
    if (protocol === 'file' && !isDeployed && path !== recordFile(folder))
      throw new MonitoringError('FILE_NOT_DEPLOYED');
    const isHttp = protocol === 'http' || protocol === 'https';
    const isSecret = isBroker(protocol) && endpoint.login === undefined;
    const brokerPassword = isSecret ? secretFor('brokerPassword', isDeployed) : undefined;
    return createTransportFactory(options, {
      tls,
      authorization: isHttp ? secretFor('authorization', isDeployed) : undefined,
      login: isSecret ? brokerLogin({ brokerUser: dialog.brokerUser, brokerPassword }) : undefined,
    })(endpoint);
  };
}

/** The names of the addresses with which the node of this dialog runs: scheme, host and port of each, or its file. */
function deployedOrigins(RED: NodeAPI, { id = '' }: TestRequest): string[] {
  const node = RED.nodes.getNode(id) as { type?: unknown; origins?: unknown } | null;
  return node?.type === 'graylog-server' && Array.isArray(node.origins) ? node.origins.map(String) : [];
}

function savedSecret(
  RED: NodeAPI,
  { id = '' }: TestRequest,
  name: 'authorization' | 'brokerPassword',
): string | undefined {
  const saved = (RED.nodes.getCredentials(id) as Record<string, unknown> | null)?.[name];
  return typeof saved === 'string' && saved !== '' ? saved : undefined;
}
