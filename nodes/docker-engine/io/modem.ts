import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { inspect } from 'node:util';
import type Docker from 'dockerode';
import type { EngineAddress } from '../address.ts';

/** dockerode's transport, docker-modem. */
export type Modem = Docker['modem'];

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

/** docker-modem writes every request's options out for its debug log, even when that is off: an agent has to be short. */
function tlsAgent(options: object): Agent {
  const agent = new Agent({ keepAlive: true, ...options });
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

/** What `tls.connect` takes for this host. An address in numbers is no server name. */
export function withServerName(host: string, tls: object | undefined): object {
  return isIP(host) === 0 ? { servername: host, ...tls } : { ...tls };
}

/** The transport to an address; `socket` is the path of the local socket, where there is one. */
export function openModem(address: EngineAddress, tls: object | undefined, socket: string | undefined): Modem {
  const Loaded = loadModem();
  // What is not given, docker-modem takes from DOCKER_HOST and its like: every property is given, also the empty ones.
  const nothing = { host: undefined, port: undefined, socketPath: undefined, ca: undefined, cert: undefined };
  const rest = { ...nothing, key: undefined, username: undefined, timeout: undefined, version: undefined };
  if (address.kind !== 'tcp') return new Loaded({ ...rest, socketPath: socket, protocol: 'http' });
  const protocol = address.tls ? 'https' : 'http';
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return new Loaded({
    ...rest,
    protocol,
    host: `${protocol}://${host}`,
    port: address.port,
    agent: address.tls ? tlsAgent(withServerName(address.host, tls)) : undefined,
  });
}
