import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
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
export async function startNginx(t: TestContext, server: (port: number, folder: string) => string): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  const config = join(folder, 'nginx.conf');
  const http = `http { access_log off; ${temporary.join(' ')} server { ${server(port, folder)} } }`;
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  writeFileSync(config, `${user}daemon off; pid ${folder}/pid; events { worker_connections 64; } ${http}\n`);
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
