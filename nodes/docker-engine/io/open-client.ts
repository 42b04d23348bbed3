import { type Environment, setting } from '../../../lib/environment.ts';
import { type TlsNodes, tlsOptions } from '../../../lib/tls-config.ts';
import { type AddressFault, DEFAULT_SOCKET, parseAddress } from '../address.ts';
import { environmentTls } from './certificates.ts';
import { DockerEngineClient } from './client.ts';

export interface EngineSettings {
  /** Where the engine is; where it is left open, the variable `DOCKER_HOST`. */
  readonly host: unknown;
  /** The id of a tls-config node; where it is left open, the certificates of the docker command. */
  readonly tls: unknown;
}

export type OpenedClient =
  | { readonly client: DockerEngineClient; readonly fault?: undefined }
  | { readonly fault: AddressFault; readonly address: string; readonly client?: undefined };

/**
 * A client for the engine of these settings, or what is wrong with its address. `nodes` is `RED.nodes`. Throws
 * `BAD_TLS_CONFIG` or `CREDENTIALS_MISSING`, or the error of the system where a certificate cannot be read.
 */
export function openClient(
  { host, tls }: EngineSettings,
  nodes: TlsNodes,
  environment: Environment,
  answerMs?: number,
): OpenedClient {
  const text = setting(host, environment, 'DOCKER_HOST') ?? DEFAULT_SOCKET;
  const options = tls ? tlsOptions(nodes, tls) : environmentTls(environment);
  const { address, fault } = parseAddress(text, options !== undefined);
  if (address === undefined) return { fault, address: text };
  return { client: new DockerEngineClient({ address, tls: options, ...(answerMs === undefined ? {} : { answerMs }) }) };
}
