import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';
import { PATIENCE_MS, until } from './until.ts';

const run = promisify(execFile);

/**
 * A real sshd on a loopback port, and a real rsyslogd that writes what it logs to a file, both in a temporary folder.
 * sshd always logs to /dev/log: it gets a /dev of its own, so that neither this host's log nor another test is touched.
 */
export interface SshHost {
  /** The file that rsyslogd writes. */
  readonly authLog: string;
  /** Where everything of it lies. */
  readonly folder: string;
  readonly port: number;
  /** The user who is let in by key. */
  readonly user: string;
  /** Logs in with the key and runs a command. Resolves with the client's port. */
  login(): Promise<number>;
  /** Tries a wrong password as `user`. Resolves with the client's port once sshd has refused it. */
  refuse(user: string): Promise<number>;
  /** Runs a program whose syslog goes to the same rsyslogd; resolves when it ended, however it ended. */
  run(program: string, args: string[], options?: { input?: string }): Promise<void>;
  /** Makes rsyslogd open its file anew, as logrotate does after a rotation. */
  reopenLog(): void;
  stop(): Promise<void>;
}

export interface SshHostOptions {
  /** `rfc3339` as newer systems write it (the default), or `traditional`, without year and zone. */
  timestamps?: 'rfc3339' | 'traditional';
  /** More lines for sshd_config, before the usual ones. */
  config?: string[];
  /** The root of another system, of which the sshd is run. */
  root?: string | undefined;
}

const SSHD = '/usr/sbin/sshd';
const RSYSLOGD = '/usr/sbin/rsyslogd';

/** Why a real sshd cannot run here; undefined where it can. */
export function sshHostMissing(): string | undefined {
  const missing = [SSHD, RSYSLOGD, '/usr/bin/ssh'].find((program) => !existsSync(program));
  if (missing !== undefined) return `no ${missing} (Debian: openssh-server, openssh-client, rsyslog)`;
  if (process.getuid?.() !== 0) return 'sshd needs root to let anybody in';
  return canUnshare() || !exists('/dev/log') ? undefined : 'no mount namespaces here, and /dev/log is in use';
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs the rest of its arguments with a /dev that has everything of the old one and a `log` of its own. */
const OWN_DEV = `
set -e
mkdir -p "$1/dev"
mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=755 none /dev
for old in "$1"/dev/*; do
  new="/dev/\${old##*/}"
  if [ -L "$old" ]; then cp -P "$old" "$new"
  elif [ "$new" = /dev/log ]; then :
  elif [ -d "$old" ]; then mkdir "$new" && mount --rbind "$old" "$new"
  else : > "$new" && mount --bind "$old" "$new"; fi
done
rm -f /dev/log
ln -s "$1/log" /dev/log
folder=$1
root=$2
shift 2
if [ "$root" = / ]; then exec "$@"; fi
mkdir -p "$root$folder" "$root/run/sshd"
mount --rbind "$folder" "$root$folder"
for name in dev proc sys; do mount --rbind "/$name" "$root/$name"; done
exec chroot "$root" "$@"
`;

/** Starts both. Throws where something of it is missing (see `sshHostMissing`). */
export async function startSshHost(options: SshHostOptions = {}): Promise<SshHost> {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-sshd-'));
  chmodSync(folder, 0o755);
  const at = (name: string): string => join(folder, name);
  const isOwnDev = canUnshare();
  const children: ChildProcess[] = [];
  const start = (program: string, args: string[]): ChildProcess => {
    const child = spawn(program, args, { stdio: 'ignore' });
    children.push(child);
    return child;
  };
  const inside = (program: string, args: string[]): [string, string[]] =>
    isOwnDev
      ? [
          'unshare',
          [
            '-m',
            '--propagation',
            'private',
            'bash',
            '-c',
            OWN_DEV,
            'own-dev',
            folder,
            options.root ?? '/',
            program,
            ...args,
          ],
        ]
      : [program, args];

  writeFileSync(at('rsyslog.conf'), rsyslogConfig(folder, options.timestamps ?? 'rfc3339'));
  mkdirSync(at('work'));
  const rsyslogd = start(RSYSLOGD, ['-n', '-f', at('rsyslog.conf'), '-i', at('rsyslogd.pid')]);
  await until(() => exists(at('log')), PATIENCE_MS);
  if (!isOwnDev) symlinkSync(at('log'), '/dev/log');

  for (const name of ['host', 'user'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(`${name}_key`)]);
  await run('cp', [at('user_key.pub'), at('authorized_keys')]);
  mkdirSync('/run/sshd', { recursive: true });
  const port = await freePort();
  writeFileSync(at('sshd_config'), sshdConfig(folder, port, options.config ?? []));
  start(...inside(SSHD, ['-D', '-f', at('sshd_config')]));
  await until(() => accepts(port), PATIENCE_MS);

  writeFileSync(at('askpass'), '#!/bin/sh\necho wrong\n', { mode: 0o755 });
  const { username: user } = userInfo();
  const ssh = async (args: string[]): Promise<number> => {
    const relay = await startRelay(port);
    const common = [
      '-F',
      'none',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-p',
      `${relay.port}`,
    ];
    const env = { ...process.env, SSH_ASKPASS: at('askpass'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' };
    await run('ssh', [...common, ...args], { env }).catch(() => undefined);
    relay.server.close();
    const clientPort = relay.clientPort();
    if (clientPort === undefined) throw new Error('ssh did not connect');
    return clientPort;
  };
  return {
    authLog: at('auth.log'),
    folder,
    port,
    user,
    login: () => ssh(['-i', at('user_key'), '-o', 'IdentitiesOnly=yes', '-l', user, '127.0.0.1', 'true']),
    refuse(name) {
      const password = ['-o', 'PreferredAuthentications=password', '-o', 'PubkeyAuthentication=no'];
      return ssh([...password, '-o', 'NumberOfPasswordPrompts=1', '-l', name, '127.0.0.1', 'true']);
    },
    async run(program, args, { input = '' } = {}) {
      const [command, rest] = inside(program, args);
      const child = spawn(command, rest, { stdio: ['pipe', 'ignore', 'ignore'] });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      await once(child, 'close');
    },
    reopenLog() {
      rsyslogd.kill('SIGHUP');
    },
    async stop() {
      for (const child of children.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill();
        await once(child, 'close');
      }
      if (!isOwnDev) rmSync('/dev/log', { force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function rsyslogConfig(folder: string, timestamps: 'rfc3339' | 'traditional'): string {
  const template = timestamps === 'rfc3339' ? 'RSYSLOG_FileFormat' : 'RSYSLOG_TraditionalFileFormat';
  return `
global(workDirectory="${folder}/work")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${folder}/log")
auth,authpriv,cron.* action(type="omfile" file="${folder}/auth.log" template="${template}" fileCreateMode="0644")
`;
}

function sshdConfig(folder: string, port: number, more: string[]): string {
  return [
    ...more,
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'UsePAM yes',
    'StrictModes no',
    '',
  ].join('\n');
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Passes one connection on, so that the port which sshd sees is known. */
async function startRelay(to: number): Promise<{ port: number; server: Server; clientPort: () => number | undefined }> {
  let clientPort: number | undefined;
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1', () => {
      clientPort = onward.localPort;
    });
    for (const one of [socket, onward]) one.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server, clientPort: () => clientPort };
}
