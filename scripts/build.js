// Builds dist/ and examples/: tsc for the runtime, esbuild for the editor halves, and what Node-RED wants beside each .js.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { buildPage } from './build/page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const declared = JSON.parse(readFileSync(at('package.json'), 'utf8'))['node-red'];
const types = Object.keys(declared.nodes);

/** What a node needs besides its code; a config node is not in the palette and needs no icon. */
function missingParts(type) {
  const folder = at('nodes', type);
  const parts = {
    form: join(folder, `${type}.html`),
    'editor half': join(folder, `${type}.editor.ts`),
    labels: join(folder, 'locales/en-US', `${type}.json`),
    help: join(folder, 'locales/en-US', `${type}.html`),
    icon: at('icons', `${type}.svg`),
  };
  return Object.entries(parts)
    .filter(([part, file]) => !existsSync(file) && !(part === 'icon' && isConfigNode(folder, type)))
    .map(([part, file]) => `${type} lacks its ${part}: ${file.slice(root.length)}`);
}

function isConfigNode(folder, type) {
  const editor = join(folder, `${type}.editor.ts`);
  return existsSync(editor) && /category: 'config'/.test(readFileSync(editor, 'utf8'));
}

/** The form and the bundled editor half, unminified: tools that read the `registerType` call expect to find it. */
function buildEditor(type) {
  const source = at('nodes', type);
  const target = at('dist/nodes', type);
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(source, `${type}.editor.ts`)],
    bundle: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    write: false,
    metafile: true,
  });
  const form = readFileSync(join(source, `${type}.html`), 'utf8').trimEnd();
  const script = `<script type="text/javascript">\n${outputFiles[0].text}</script>\n`;
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${type}.html`), `${form}\n${script}`);
  cpSync(join(source, 'locales'), join(target, 'locales'), { recursive: true });
  addSharedWords(type, Object.keys(metafile.inputs));
  if (existsSync(at('icons', `${type}.svg`))) {
    cpSync(at('icons', `${type}.svg`), join(target, 'icons', `${type}.svg`));
  }
}

/** A plugin: its page, and what it adds to the editor. */
function buildPlugin(name) {
  const source = at('plugins', name);
  const target = at('dist/plugins', name);
  if (existsSync(join(source, 'page'))) buildPage(root, source, target);
  const entry = join(source, `${name}.editor.ts`);
  if (!existsSync(entry)) return;
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    write: false,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { PAGE_STYLE: JSON.stringify(sheetOf(join(source, 'page/style.css'))) },
  });
  // A closing tag in a string would end the script.
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  writeFileSync(join(target, `${name}.html`), `<script type="text/javascript">\n${script}</script>\n`);
  cpSync(join(source, 'locales'), join(target, 'locales'), { recursive: true });
  addErrorWords(name);
}

function sheetOf(file) {
  return buildSync({ entryPoints: [file], bundle: true, minify: true, write: false }).outputFiles[0].text;
}

/** The words of the errors, for what a plugin says in the log. */
function addErrorWords(name) {
  for (const language of readdirSync(at('lib/locales'))) {
    const file = at('dist/plugins', name, 'locales', language, `${name}.json`);
    if (!existsSync(file)) continue;
    const words = JSON.parse(readFileSync(file, 'utf8'));
    words.error = JSON.parse(readFileSync(at('lib/locales', language, 'errors.json'), 'utf8'));
    writeFileSync(file, `${JSON.stringify(words, undefined, 2)}\n`);
  }
}

/**
 * Node-RED looks a node's words up in the node's own catalogue: what nodes share is put into each. `lib/locales` has the
 * words of the errors, and those of `lib/<subject>/` for the nodes whose editor half has parts of it.
 */
function addSharedWords(type, inputs) {
  for (const language of readdirSync(at('lib/locales'))) {
    const file = at('dist/nodes', type, 'locales', language, `${type}.json`);
    const words = JSON.parse(readFileSync(file, 'utf8'));
    for (const name of readdirSync(at('lib/locales', language))) {
      const subject = name.replace('.json', '');
      const shared = JSON.parse(readFileSync(at('lib/locales', language, name), 'utf8'));
      if (subject === 'errors') words.error = shared;
      else if (inputs.some((input) => input.includes(`lib/${subject}/`) && input.endsWith('.editor.ts')))
        words[subject] = shared;
    }
    writeFileSync(file, `${JSON.stringify(words, undefined, 2)}\n`);
  }
}

const undeclared = readdirSync(at('nodes')).filter((folder) => !types.includes(folder));
const loosePlugins = (existsSync(at('plugins')) ? readdirSync(at('plugins')) : []).filter(
  (folder) => declared.plugins?.[folder] === undefined,
);
const faults = [
  ...types.flatMap(missingParts),
  ...undeclared.map((folder) => `nodes/${folder} is not in package.json`),
  ...loosePlugins.map((folder) => `plugins/${folder} is not in package.json`),
];
if (faults.length > 0) {
  console.error(`build: ${faults.join('\nbuild: ')}`);
  process.exit(1);
}
rmSync(at('dist'), { recursive: true, force: true });
rmSync(at('examples'), { recursive: true, force: true });
try {
  execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')], {
    stdio: 'inherit',
  });
} catch {
  process.exit(1);
}
for (const type of types) buildEditor(type);
for (const plugin of Object.keys(declared.plugins ?? {})) buildPlugin(plugin);
cpSync(at('flows'), at('examples'), { recursive: true });
