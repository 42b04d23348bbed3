// `npm run bundle [-- FOLDER] [-- --arch arm64]`: everything that a host needs, Node.js and Node-RED with it, in one file that
// installs without a registry. What another kind of processor needs is fetched by npm.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { closureOf } from './bundle/closure.js';
import { OWN } from './bundle/own.js';
import { fits, nodePackage } from './bundle/target.js';
import { node, root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';

const INSTALLER = ['install.sh', 'systemd/infra-monitoring.service.in', 'systemd/environment'];
/** What only a debugger reads: a third of the size. */
const NEEDLESS = /\.map$/;

const ARCHITECTURES = ['x64', 'arm64'];

const { values, positionals } = parseArgs({ options: { arch: { type: 'string' } }, allowPositionals: true });
const { arch = process.arch } = values;
if (arch !== process.arch && !ARCHITECTURES.includes(arch)) {
  console.error(`--arch ${arch}: a bundle is made for ${ARCHITECTURES.join(' or ')}`);
  process.exit(1);
}

await prepare();

const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const name = `infra-monitoring-${version}-${process.platform}-${arch}`;
const target = resolve(positionals[0] ?? join(root, 'build'), `${name}.tar.gz`);
const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bundle-'));
const folders = closureOf(packages, [...Object.keys(dependencies), 'node-red']).flatMap((path) => {
  if (!fits(packages[path], process.platform, arch)) return [];
  if (existsSync(join(root, path))) return [{ path, from: join(root, path) }];
  // What is made for another kind of processor is not installed here.
  return arch === process.arch || packages[path].cpu === undefined
    ? []
    : [{ path, from: fetched(path.replace(/^.*node_modules\//, ''), packages[path].version) }];
});

try {
  const app = join(folder, name, 'app');
  for (const path of OWN) cpSync(join(root, path), join(app, path), { recursive: true });
  // A package inside another one comes with its own entry of the lock, or is not needed.
  const isNeeded = (from) => (source) =>
    source === from || (!NEEDLESS.test(source) && !source.slice(from.length).includes('/node_modules'));
  for (const { path, from } of folders) {
    cpSync(from, join(app, path), { recursive: true, filter: isNeeded(from), verbatimSymlinks: true });
  }
  const { version: nodeVersion } = packages['node_modules/node'];
  const ownNode =
    arch === process.arch ? node : join(fetched(nodePackage(process.platform, arch), nodeVersion), 'bin/node');
  cpSync(ownNode, join(folder, name, 'bin/node'));
  for (const file of INSTALLER) cpSync(join(root, 'deploy', file), join(folder, name, basename(file)));
  writeFileSync(join(folder, name, 'LICENSES'), licences(folders));
  mkdirSync(dirname(target), { recursive: true });
  execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '--sort=name', '-czf', target, name]);
  console.log(target);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The folder of a package that npm has fetched and unpacked. */
function fetched(packageName, packageVersion) {
  const into = mkdtempSync(join(folder, 'fetched-'));
  const words = ['pack', `${packageName}@${packageVersion}`, '--silent', '--pack-destination', into];
  execFileSync('npm', words, { cwd: into, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('tar', ['-C', into, '-xzf', join(into, readdirSync(into)[0])]);
  return join(into, 'package');
}

/** One line for each package: name, version, licence. */
function licences(paths) {
  const lines = paths.map(({ from }) => {
    const { name, version, license, licenses } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
    const said = license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'see its folder';
    return `${name} ${version}: ${typeof said === 'string' ? said : said.type}`;
  });
  return `${[`Node.js ${process.version}: MIT and others, https://github.com/nodejs/node/blob/main/LICENSE`, ...lines].join('\n')}\n`;
}
