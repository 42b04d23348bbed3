import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Environment, hostRootOf, setting } from '../environment.ts';
import { isMadeForContainer, nameInFile, type Surroundings } from '../host-name.ts';

/** The name of the monitored host, and whether nothing better than the name of a container was found. */
export interface HostName {
  readonly name: string;
  readonly isDoubtful: boolean;
}

/** What is asked of the system; the real one unless given. */
export interface HostSystem {
  hostname(): string;
  surroundings(environment: Environment): Surroundings;
  /** The name of the Docker Engine behind this socket; undefined where none answers. Blocks, for a moment. */
  engineName(socket: string): string | undefined;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
/** A process has to start for it, at a time when all others of the host may be starting. In ms. */
const ENGINE_MS = 5_000;
/** Asks an engine for its `Name`, which Docker's own driver sends as `host`. */
const ASK = `require('node:http').get({ socketPath: process.argv[1], path: '/info' }, (answer) => {
  let text = '';
  answer.on('data', (data) => { text += data; }).on('end', () => process.stdout.write(String(JSON.parse(text).Name ?? '')));
})`;

/** Every node asks while the flows start: one process is asked once. */
const engineNames = new Map<string, string | undefined>();

/** The system that this process runs on. */
export const SYSTEM: HostSystem = {
  hostname,
  surroundings: (environment) => ({
    isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    isKubernetes: environment('KUBERNETES_SERVICE_HOST') !== undefined,
  }),
  engineName(socket) {
    if (!engineNames.has(socket)) engineNames.set(socket, askEngine(socket));
    return engineNames.get(socket);
  },
};

/** The name every record carries as `host`: see `findHost()`. */
export function monitoredHost(environment: Environment): string {
  return findHost(environment).name;
}

/**
 * The name of the monitored host: `MONITORED_HOST`, else `/etc/hostname` below `HOST_ROOT`, else, in a container, the name of
 * its Docker Engine, else this machine's own name. Never the id of a machine: clones share it.
 */
export function findHost(environment: Environment, system: HostSystem = SYSTEM): HostName {
  const known = setting(undefined, environment, 'MONITORED_HOST') ?? nameBelow(hostRootOf(environment));
  if (known !== undefined) return { name: known, isDoubtful: false };
  const own = system.hostname();
  const surroundings = system.surroundings(environment);
  if (!surroundings.isContainer && !surroundings.isKubernetes) return { name: own, isDoubtful: false };
  const socket = socketOf(environment);
  const engine = socket === undefined ? undefined : system.engineName(socket);
  return { name: engine ?? own, isDoubtful: engine === undefined && isMadeForContainer(own, surroundings) };
}

function nameBelow(hostRoot: string): string | undefined {
  if (hostRoot === '/') return undefined;
  try {
    return nameInFile(readFileSync(join(hostRoot, 'etc/hostname'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** The socket of the engine on this host; undefined where another one is asked, which has another name. */
function socketOf(environment: Environment): string | undefined {
  const address = setting(undefined, environment, 'DOCKER_HOST') ?? DEFAULT_SOCKET;
  return /^(?:unix:\/\/)?(\/.*)$/.exec(address)?.[1];
}

function askEngine(socket: string): string | undefined {
  if (!existsSync(socket)) return undefined;
  try {
    const name = execFileSync(process.execPath, ['-e', ASK, socket], {
      encoding: 'utf8',
      timeout: ENGINE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return name.trim() === '' ? undefined : name.trim();
  } catch {
    return undefined;
  }
}
