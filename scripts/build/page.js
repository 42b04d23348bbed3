// The page of a plugin: bundled, named by what is in it, compressed, with the licences of what is bundled beside it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const OPTIONS = {
  bundle: true,
  minify: true,
  target: 'es2022',
  charset: 'utf8',
  write: false,
  metafile: true,
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};
const COMPRESSED = /\.(js|css|html|txt)$/;

/** Builds `source`/page into `target`/page. `root` is the clone, where node_modules is. */
export function buildPage(root, source, target) {
  const folder = join(target, 'page');
  mkdirSync(folder, { recursive: true });
  const put = (name, text) => {
    writeFileSync(join(folder, name), text);
    if (COMPRESSED.test(name)) writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
    return name;
  };
  const bundle = (file, options) => buildSync({ ...OPTIONS, ...options, entryPoints: [join(source, 'page', file)] });
  const script = bundle('main.tsx', { format: 'esm' });
  const style = bundle('page.css', {});
  const worker = bundle('pattern-worker.ts', { format: 'iife' });
  const hashed = (name, ending, text) => {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
    return put(`${name}-${hash}.${ending}`, text);
  };
  const scriptName = hashed('page', 'js', script.outputFiles[0].text);
  const styleName = hashed('page', 'css', style.outputFiles[0].text);
  put('pattern-worker.js', worker.outputFiles[0].text);
  const index = readFileSync(join(source, 'page/index.html'), 'utf8');
  put('index.html', index.replace('SCRIPT', scriptName).replace('STYLE', styleName));
  put('licenses.txt', licences(root, [script, style, worker]));
}

/** The licence texts of the packages of which anything is in the bundles. */
function licences(root, bundles) {
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  return [...packages]
    .sort()
    .map((name) => {
      const folder = join(root, 'node_modules', name);
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((one) => join(folder, one)).find(existsSync);
      if (file === undefined) throw new Error(`${name} has no licence text`);
      return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}\n`;
    })
    .join('\n----------------------------------------\n\n');
}
