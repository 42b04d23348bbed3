import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../../lib/docker/client.ts';
import type { EngineAddress } from '../address.ts';

/**
 * The engine's socket on another host, brought here by the system's ssh command: it knows the user's keys, hosts and
 * configuration, and checks the host's key, which docker-modem's own ssh client does not. One connection carries every
 * stream, where `docker system dial-stdio` would need one for each.
 */
export interface Tunnel {
  /** The path of the local socket, once the tunnel stands. Rejects with the words of ssh. */
  socket(): Promise<string>;
  close(): void;
}

const CONNECT_SECONDS = 10;

function sshArguments(address: EngineAddress & { kind: 'ssh' }, local: string): string[] {
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

export function createTunnel(address: EngineAddress & { kind: 'ssh' }): Tunnel {
  const folder = mkdtempSync(join(tmpdir(), 'docker-engine-'));
  const local = join(folder, 'docker.sock');
  let child: ChildProcess | undefined;
  let standing: Promise<string> | undefined;

  const open = (): Promise<string> =>
    new Promise((resolve, reject) => {
      let words = '';
      const started = spawn('ssh', sshArguments(address, local), { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      started.stdout.once('data', () => resolve(local));
      started.stderr.on('data', (chunk: Buffer) => {
        words = (words + chunk.toString()).slice(-2000);
      });
      started.once('error', (error) => {
        standing = undefined;
        reject(new EngineError(`ssh: ${error.message}`));
      });
      started.once('close', (code) => {
        standing = undefined;
        reject(new EngineError(words.trim().split('\n').at(-1) || `ssh ended with code ${code}`));
      });
    });

  return {
    socket() {
      standing ??= open();
      return standing;
    },
    close() {
      child?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
