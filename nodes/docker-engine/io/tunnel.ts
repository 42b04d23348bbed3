import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MonitoringError } from '../../../lib/errors.ts';
import type { EngineAddress } from '../address.ts';

type SshAddress = EngineAddress & { kind: 'ssh' };

const CONNECT_SECONDS = 10;
/** How long the tunnel may take until it stands: a far side that takes the connection may still say nothing for ever. */
const STAND_MS = 20_000;

function sshArguments(address: SshAddress, local: string): string[] {
  const options = [
    'BatchMode=yes',
    `ConnectTimeout=${CONNECT_SECONDS}`,
    'ServerAliveInterval=15',
    'ExitOnForwardFailure=yes',
    'StreamLocalBindUnlink=yes',
    // Printed when the forwarding stands, so that nobody has to look for the socket again and again.
    'PermitLocalCommand=yes',
    'LocalCommand=echo ready',
  ];
  return [
    ...options.flatMap((option) => ['-o', option]),
    ...(address.port === undefined ? [] : ['-p', String(address.port)]),
    ...(address.user === undefined ? [] : ['-l', address.user]),
    '-NT',
    '-L',
    `${local}:${address.socket}`,
    '--',
    address.host,
  ];
}

/** Why ssh ended: its last words, else its exit code; null where a signal ended it. */
function endOfSsh(words: string, exitCode: number | null): MonitoringError {
  const last = words.trim().split('\n').at(-1);
  return last
    ? new MonitoringError('TUNNEL_FAILED', { words: last })
    : new MonitoringError('TUNNEL_ENDED', { exitCode: String(exitCode) });
}

/**
 * The engine's socket on another host, brought here by the system's ssh command: it knows the user's keys, hosts and
 * configuration, and checks the host's key, which docker-modem's own ssh client does not. One connection carries every
 * stream, where `docker system dial-stdio` would need one for each.
 */
export class Tunnel {
  readonly #address: SshAddress;
  readonly #folder = mkdtempSync(join(tmpdir(), 'docker-engine-'));
  #child: ChildProcess | undefined;
  #standing: Promise<string> | undefined;

  constructor(address: SshAddress) {
    this.#address = address;
  }

  /**
   * The path of the local socket, once the tunnel stands; one that fell down is opened again. Rejects with
   * `TUNNEL_FAILED`, `TUNNEL_ENDED` or, where ssh cannot be started, `TUNNEL_NOT_STARTED`.
   */
  socket(): Promise<string> {
    this.#standing ??= this.#open();
    return this.#standing;
  }

  close(): void {
    this.#child?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #open(): Promise<string> {
    const local = join(this.#folder, 'docker.sock');
    return new Promise((resolve, reject) => {
      let words = '';
      const fail = (error: MonitoringError): void => {
        clearTimeout(timer);
        this.#standing = undefined;
        reject(error);
      };
      const notStarted = (cause: unknown): void => fail(new MonitoringError('TUNNEL_NOT_STARTED', {}, { cause }));
      const timer = setTimeout(() => {
        fail(new MonitoringError('NO_ANSWER_WITHIN', { seconds: STAND_MS / 1000 }));
        this.#child?.kill();
      }, STAND_MS);
      try {
        this.#child = spawn('ssh', sshArguments(this.#address, local), { stdio: ['ignore', 'pipe', 'pipe'] });
      } catch (cause) {
        notStarted(cause);
        return;
      }
      const { stdout, stderr } = this.#child;
      // Where no descriptor is left there are no pipes; why comes as an event.
      stdout?.once('data', () => {
        clearTimeout(timer);
        resolve(local);
      });
      stderr?.on('data', (chunk: Buffer) => {
        words = (words + chunk.toString()).slice(-2000);
      });
      this.#child.once('error', notStarted);
      this.#child.once('close', (exitCode) => fail(endOfSsh(words, exitCode)));
    });
  }
}
