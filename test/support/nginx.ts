import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from './folder.ts';
import { freePort } from './ports.ts';
import { program, real } from './real.ts';
import { until } from './until.ts';

/** Options for a test that needs nginx. */
export const nginx = real('nginx', program('nginx') !== undefined);

/**
 * An nginx of the test's own. `server` gives what stands in its `server` block, for a free port and a folder that it may
 * fill. Returns the port.
 */
export function startNginx(t: TestContext, server: (port: number, folder: string) => string): Promise<number> {
  return start(t, (port, folder) => {
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const temporary = kinds.map((name) => `${name}_temp_path ${folder};`);
    return `http { access_log off; ${temporary.join(' ')} server { ${server(port, folder)} } }`;
  });
}

const STREAM = '/usr/lib/nginx/modules/ngx_stream_module.so';

/** Options for a test that needs nginx as a balancer of TCP. */
export const balancer = real('nginx with its stream module', program('nginx') !== undefined && existsSync(STREAM));

/** A balancer that gives connections to these ports of 127.0.0.1 in turn, and asks one that failed again after a second. */
export function startBalancer(t: TestContext, ports: readonly number[]): Promise<number> {
  const servers = ports.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=1s;`);
  const upstream = `upstream graylog { ${servers.join(' ')} }`;
  return start(
    t,
    (port) => `stream { ${upstream} server { listen 127.0.0.1:${port}; proxy_pass graylog; } }`,
    `load_module ${STREAM};`,
  );
}

/** `block` gives what stands beside `events`, for a free port and a folder that it may fill; `first` comes before all. */
async function start(t: TestContext, block: (port: number, folder: string) => string, first = ''): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  const main = `daemon off; pid ${folder}/pid; events { worker_connections 512; }`;
  writeFileSync(config, `${first} ${user}${main} ${block(port, folder)}\n`);
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', config];
  const child = spawn(program('nginx') ?? 'nginx', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  await until(() => listens(port));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
