import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ContainerSummary } from '../../lib/docker/api.ts';
import type { DockerClient } from '../../lib/docker/client.ts';
import { dialogValue, type Environment, environmentOf, setting } from '../../lib/environment.ts';
import { errorCode, reason } from '../../lib/errors.ts';
import { DEFAULT_SOCKET, parseAddress } from './address.ts';
import { choicesOf } from './choices.ts';
import { environmentTls } from './io/certificates.ts';
import { createDockerClient, type ManagedClient } from './io/client.ts';

interface DockerEngineConfig extends NodeDef {
  host: string;
  tls: string;
}

interface TlsConfigNode extends Node {
  addTLSOptions(options: object): object;
}

/** What the nodes that use it see of the config node. */
export interface DockerEngine extends Node {
  /** Undefined where the configuration is wrong. */
  readonly client: DockerClient | undefined;
  /** What is wrong with the configuration, for people. */
  readonly fault: string | undefined;
  /** Why the engine did not do what was asked, for people. */
  explain(error: unknown): string;
}

/** Errors that the catalogue has better words for than the system. */
const EXPLAINED = ['ENOENT', 'EACCES', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'NO_ANSWER', 'NO_JSON', 'NO_ENGINE'];

/** How long the Test button and the lists of a dialog wait for the engine, in milliseconds. */
const DIALOG_MS = 8_000;

export default function register(RED: NodeAPI): void {
  const explain = (error: unknown): string => {
    const code = errorCode(error) ?? '';
    return EXPLAINED.includes(code) ? RED._(`docker-engine.reason.${code}`) : reason(error);
  };

  const open = (host: unknown, tlsId: unknown, environment: Environment, answerMs?: number): ManagedClient => {
    const tlsNode = RED.nodes.getNode(String(tlsId ?? '')) as TlsConfigNode | null;
    const text = setting(host, environment, 'DOCKER_HOST') ?? DEFAULT_SOCKET;
    const tls = tlsNode?.addTLSOptions({}) ?? environmentTls(environment);
    const { address, fault } = parseAddress(text, tls !== undefined);
    if (address === undefined) throw new Error(RED._(`docker-engine.fault.${fault}`, { address: text }));
    return createDockerClient({ address, tls, ...(answerMs === undefined ? {} : { answerMs }) });
  };

  function DockerEngineNode(this: Node, config: DockerEngineConfig): void {
    RED.nodes.createNode(this, config);
    let client: ManagedClient | undefined;
    let fault: string | undefined;
    try {
      client = open(config.host, config.tls, environmentOf(RED.util, this));
    } catch (error) {
      fault = reason(error);
    }
    Object.assign(this, { client, fault, explain } satisfies Omit<DockerEngine, keyof Node>);
    this.on('close', () => client?.close());
  }
  RED.nodes.registerType('docker-engine', DockerEngineNode);

  const variable = (name: string): string | undefined => process.env[name];

  RED.httpAdmin.post(
    '/infra-monitoring/docker-engine/test',
    RED.auth.needsPermission('docker-engine.write'),
    async (req, res) => {
      const { host, tls } = (req.body ?? {}) as { host?: unknown; tls?: unknown };
      let client: ManagedClient | undefined;
      try {
        client = open(dialogValue(host, variable), tls, variable, DIALOG_MS);
        const engine = await client.json<{ Version: string }>('/version');
        const containers = await client.json<ContainerSummary[]>('/containers/json', { all: true });
        const running = containers.filter(({ State }) => State === 'running').length;
        const api = await client.version();
        res.json({ place: client.place, version: engine.Version, api, containers: containers.length, running });
      } catch (error) {
        res.json({ place: client?.place, fault: explain(error) });
      } finally {
        client?.close();
      }
    },
  );

  RED.httpAdmin.get(
    '/infra-monitoring/docker-engine/choices/:id',
    RED.auth.needsPermission('docker-engine.read'),
    async (req, res) => {
      const client = (RED.nodes.getNode(String(req.params.id)) as DockerEngine | null)?.client;
      try {
        const containers = (await client?.json<ContainerSummary[]>('/containers/json', { all: true })) ?? [];
        res.json(choicesOf(containers));
      } catch (error) {
        res.json({ ...choicesOf([]), fault: explain(error) });
      }
    },
  );
}
