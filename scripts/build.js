// Builds dist/ and examples/: tsc for the runtime, esbuild for the editor halves, and what Node-RED wants beside each .js.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { buildPack } from './build/content-pack.js';
import { buildPage } from './build/page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const declared = JSON.parse(readFileSync(at('package.json'), 'utf8'))['node-red'];
const types = Object.keys(declared.nodes);
/** Every node speaks each language that the words of the errors are in. */
const languages = readdirSync(at('lib/locales'));

/** What a node needs besides its code; a config node is not in the palette and needs no icon. */
function missingParts(type) {
  const folder = at('nodes', type);
  const parts = {
    form: join(folder, `${type}.html`),
    'editor half': join(folder, `${type}.editor.ts`),
    ...Object.fromEntries(languages.flatMap((language) => words(folder, type, language))),
    icon: at('icons', `${type}.svg`),
  };
  return Object.entries(parts)
    .filter(([part, file]) => !existsSync(file) && !(part === 'icon' && isConfigNode(folder, type)))
    .map(([part, file]) => `${type} lacks its ${part}: ${file.slice(root.length)}`);
}

function words(folder, type, language) {
  const place = join(folder, 'locales', language);
  const name = language === 'en-US' ? '' : ` in ${language}`;
  return [
    [`labels${name}`, join(place, `${type}.json`)],
    [`help${name}`, join(place, `${type}.html`)],
  ];
}

/** A plugin need not have words; one that has them has them in every language. */
function missingWords(name) {
  const folder = at('plugins', name, 'locales');
  if (!existsSync(folder)) return [];
  return languages
    .map((language) => join(folder, language, `${name}.json`))
    .filter((file) => !existsSync(file))
    .map((file) => `${name} lacks its words: ${file.slice(root.length)}`);
}

function isConfigNode(folder, type) {
  const editor = join(folder, `${type}.editor.ts`);
  return existsSync(editor) && /category: 'config'/.test(readFileSync(editor, 'utf8'));
}

/** An editor half as an inline script, unminified: tools that read the `registerType` call expect to find it. */
function bundleEditor(file, options = {}) {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [file],
    bundle: true,
    format: 'iife',
    target: 'es2020',
    // Node-RED keeps the scripts: V8 takes two bytes for each character of a text with one beyond Latin-1.
    charset: 'ascii',
    write: false,
    metafile: true,
    ...options,
  });
  // A closing tag in a string would end the script.
  const text = outputFiles[0].text.replaceAll('</script', '<\\/script');
  const script = `<script type="text/javascript">\n${text}</script>\n`;
  return { script, inputs: Object.keys(metafile.inputs) };
}

/** What the editor half of a plugin needs that shows parts of its page. */
function withPage(source) {
  const sheet = buildSync({ entryPoints: [join(source, 'page/style.css')], bundle: true, minify: true, write: false });
  return {
    minify: true,
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { PAGE_STYLE: JSON.stringify(sheet.outputFiles[0].text) },
  };
}

/** The form and the editor half of a node. */
function buildEditor(type) {
  const source = at('nodes', type);
  const target = at('dist/nodes', type);
  const { script, inputs } = bundleEditor(join(source, `${type}.editor.ts`));
  const form = readFileSync(join(source, `${type}.html`), 'utf8').trimEnd();
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${type}.html`), `${form}\n${script}`);
  cpSync(join(source, 'locales'), join(target, 'locales'), { recursive: true });
  addSharedWords('nodes', type, inputs);
  if (existsSync(at('icons', `${type}.svg`))) {
    cpSync(at('icons', `${type}.svg`), join(target, 'icons', `${type}.svg`));
  }
}

/** The words that every node has, and where: those of errors, long and in one or two words, and of what any status says. */
const FOR_ALL = new Map([
  ['errors', 'error'],
  ['brief', 'brief'],
  ['wires', 'wires'],
]);

/** A plugin: its page, what it adds to the editor, and its words, where it has such. */
function buildPlugin(name) {
  const source = at('plugins', name);
  const target = at('dist/plugins', name);
  mkdirSync(target, { recursive: true });
  const hasPage = existsSync(join(source, 'page'));
  if (hasPage) buildPage(root, source, target);
  const editor = join(source, `${name}.editor.ts`);
  const { script, inputs } = existsSync(editor)
    ? bundleEditor(editor, hasPage ? withPage(source) : {})
    : { script: undefined, inputs: [] };
  if (script !== undefined) writeFileSync(join(target, `${name}.html`), script);
  if (!existsSync(join(source, 'locales'))) return;
  cpSync(join(source, 'locales'), join(target, 'locales'), { recursive: true });
  addSharedWords('plugins', name, inputs);
}

/**
 * Node-RED looks a node's words up in the node's own catalogue: what nodes share is put into each. `lib/locales` has what all
 * have, and the words of `lib/<subject>/` for the nodes whose editor half has parts of it.
 */
function addSharedWords(place, type, inputs) {
  for (const language of languages) {
    const file = at('dist', place, type, 'locales', language, `${type}.json`);
    const words = JSON.parse(readFileSync(file, 'utf8'));
    for (const name of readdirSync(at('lib/locales', language))) {
      const subject = name.replace('.json', '');
      const shared = JSON.parse(readFileSync(at('lib/locales', language, name), 'utf8'));
      if (FOR_ALL.has(subject)) words[FOR_ALL.get(subject)] = shared;
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
  ...Object.keys(declared.plugins ?? {}).flatMap(missingWords),
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
for (const name of Object.keys(declared.plugins ?? {})) buildPlugin(name);
cpSync(at('flows'), at('examples'), { recursive: true });
buildPack(root);
