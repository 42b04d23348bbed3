import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, hostRootOf, setting } from '../../../lib/environment.ts';
import { PodFolder } from '../../../lib/io/pods/pod-folder.ts';
import { type TlsNodes, tlsOptions } from '../../../lib/tls-config.ts';
import { type AddressFault, DEFAULT_SOCKET, POD_LOGS, parseAddress } from '../address.ts';
import { environmentTls } from './certificates.ts';
import { DockerEngineClient } from './client.ts';

export interface EngineSettings {
  /** Where the engine is; where it is left open, the variable `DOCKER_HOST`. */
  readonly host: unknown;
  /** The id of a tls-config node; where it is left open, the certificates of the docker command. */
  readonly tls: unknown;
}

export type OpenedClient =
  | { readonly client: DockerEngineClient; readonly pods?: undefined; readonly fault?: undefined }
  /** The folder of the logs of a Kubernetes node's pods. */
  | { readonly pods: string; readonly client?: undefined; readonly fault?: undefined }
  | { readonly fault: AddressFault; readonly address: string; readonly client?: undefined; readonly pods?: undefined };

/**
 * A client for the engine of these settings, the folder of pods' logs, or what is wrong with the address. Where no address
 * is given it is that of the usual socket, or of the pods' folder where there is no such socket and the folder can be read:
 * most Kubernetes nodes have no Docker. `nodes` is `RED.nodes`. Throws `BAD_TLS_CONFIG` or `CREDENTIALS_MISSING`, or the error
 * of the system where a certificate cannot be read.
 */
export function openClient(
  { host, tls }: EngineSettings,
  nodes: TlsNodes,
  environment: Environment,
  answerMs?: number,
): OpenedClient {
  const hostRoot = hostRootOf(environment);
  const text = setting(host, environment, 'DOCKER_HOST') ?? usualAddress(hostRoot);
  const options = tls ? tlsOptions(nodes, tls) : environmentTls(environment);
  const parsed = parseAddress(text, options !== undefined);
  if (parsed.fault !== undefined) return { fault: parsed.fault, address: text };
  if (parsed.address === undefined) return { pods: join(hostRoot, parsed.pods) };
  const { address } = parsed;
  return { client: new DockerEngineClient({ address, tls: options, ...(answerMs === undefined ? {} : { answerMs }) }) };
}

function usualAddress(hostRoot: string): string {
  const hasOnlyPods = !existsSync(DEFAULT_SOCKET) && PodFolder.isReadable(join(hostRoot, POD_LOGS));
  return hasOnlyPods ? `cri://${POD_LOGS}` : DEFAULT_SOCKET;
}
