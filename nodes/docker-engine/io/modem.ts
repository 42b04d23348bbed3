import { type IncomingMessage, Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { inspect } from 'node:util';
import type Docker from 'dockerode';
import type { EngineAddress } from '../address.ts';

/** dockerode's transport, docker-modem. */
type Modem = Docker['modem'];

type ModemConstructor = new (options: object) => Modem;

/**
 * Loads the transport without dockerode: its main file loads gRPC and protobuf, for building images, and costs twice
 * the memory of what is used here (16.6 MB against 8.5 MB). It is found where dockerode finds it. The first request loads
 * it, so that a flow without Docker does not pay for it.
 */
function loadModem(): ModemConstructor {
  const here = createRequire(import.meta.url);
  return createRequire(here.resolve('dockerode'))('docker-modem');
}

/**
 * Of its own, so that closing it closes the connections: docker-modem leaves them open. docker-modem also writes every
 * request's options out for its debug log, even when that is off: an agent has to be short.
 */
function agentFor(tls: object | undefined): PlainAgent {
  const agent = tls === undefined ? new PlainAgent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ...tls });
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

/** What `tls.connect` takes for this host. An address in numbers is no server name. */
export function withServerName(host: string, tls: object | undefined): object {
  return isIP(host) === 0 ? { servername: host, ...tls } : { ...tls };
}

/**
 * docker-modem reads the body of an error to its end, whatever comes: an endless one ended Node-RED ("Invalid string
 * length"). So every status is one that it hands over unread.
 */
const EVERY_STATUS: { readonly [status: number]: true } = new Array(1_000).fill(true);

/** The connections to one address. */
export class EngineConnection {
  readonly #agent: PlainAgent;
  readonly #modem: Modem;

  /** `socket` is the path of the local socket, where there is one. */
  constructor(address: EngineAddress, tls: object | undefined, socket: string | undefined) {
    const Loaded = loadModem();
    const isTls = address.kind === 'tcp' && address.tls;
    this.#agent = agentFor(isTls ? withServerName(address.host, tls) : undefined);
    // What is not given, docker-modem takes from DOCKER_HOST and its like: every property is given, also the empty ones.
    const nothing = { host: undefined, port: undefined, socketPath: undefined, ca: undefined, cert: undefined };
    const rest = { ...nothing, key: undefined, username: undefined, timeout: undefined, version: undefined };
    const common = { ...rest, agent: this.#agent };
    if (address.kind !== 'tcp') {
      this.#modem = new Loaded({ ...common, socketPath: socket, protocol: 'http' });
      return;
    }
    const protocol = address.tls ? 'https' : 'http';
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    this.#modem = new Loaded({ ...common, protocol, host: `${protocol}://${host}`, port: address.port });
  }

  /** A GET, answered by its headers, whatever its status is. */
  get(path: string, options: object | undefined, abortSignal: AbortSignal): Promise<IncomingMessage> {
    const dial = {
      path: options === undefined ? path : `${path}?`,
      method: 'GET',
      options,
      // Always as a stream: of a body that breaks off docker-modem tells its caller nothing.
      isStream: true,
      statusCodes: EVERY_STATUS,
      abortSignal,
    };
    return new Promise((resolve, reject) => {
      this.#modem.dial(dial, (error, result) => {
        if (error !== null) reject(error);
        else resolve(result as IncomingMessage);
      });
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
