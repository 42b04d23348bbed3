// `npm run bundle`: everything that a host needs, Node.js and Node-RED with it, in one file that installs without a registry.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { closureOf } from './bundle/closure.js';
import { node, root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';

const OWN = ['package.json', 'dist', 'examples', 'flows', 'scripts/start', 'scripts/prepare/clone.js', 'LICENSE'];
const INSTALLER = ['install.sh', 'infra-monitoring.service.in', 'environment'];
/** What only a debugger reads: a third of the size. */
const NEEDLESS = /\.map$/;

await prepare();

const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const folders = closureOf(packages, [...Object.keys(dependencies), 'node-red']).filter((path) =>
  existsSync(join(root, path)),
);
const name = `infra-monitoring-${version}-${process.platform}-${process.arch}`;
const target = resolve(process.argv[2] ?? join(root, 'build'), `${name}.tar.gz`);
const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bundle-'));

try {
  const app = join(folder, name, 'app');
  for (const path of OWN) cpSync(join(root, path), join(app, path), { recursive: true });
  // A package inside another one comes with its own entry of the lock, or is not needed.
  const isNeeded = (from) => (source) =>
    source === from || (!NEEDLESS.test(source) && !source.slice(from.length).includes('/node_modules'));
  for (const path of folders) {
    const from = join(root, path);
    cpSync(from, join(app, path), { recursive: true, filter: isNeeded(from), verbatimSymlinks: true });
  }
  cpSync(node, join(folder, name, 'bin/node'));
  for (const file of INSTALLER) cpSync(join(root, 'deploy/systemd', file), join(folder, name, file));
  writeFileSync(join(folder, name, 'LICENSES'), licences(folders));
  mkdirSync(dirname(target), { recursive: true });
  execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '--sort=name', '-czf', target, name]);
  console.log(target);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One line for each package: name, version, licence. */
function licences(paths) {
  const lines = paths.map((path) => {
    const { name, version, license, licenses } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const said = license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'see its folder';
    return `${name} ${version}: ${typeof said === 'string' ? said : said.type}`;
  });
  return `${[`Node.js ${process.version}: MIT and others, https://github.com/nodejs/node/blob/main/LICENSE`, ...lines].join('\n')}\n`;
}
