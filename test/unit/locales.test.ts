// Every text that a person reads is there in each language, is the same but for its words, and is used.
import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { codeOf, KeyUse } from '../support/catalogue-keys.ts';
import { packageRoot } from '../support/node-red.ts';
import { scriptModule } from '../support/script.ts';

interface Compare {
  leaves(catalogue: object): Map<string, string>;
  catalogueFaults(original: object, translation: object): string[];
  helpFaults(original: string, translation: string, words: Map<string, string>[]): string[];
}

const { leaves, catalogueFaults, helpFaults } = await scriptModule<Compare>('locales/compare.js');

const ORIGINAL = 'en-US';
const LANGUAGES = ['de', 'zh-CN'];

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');
const catalogue = (path: string): Record<string, object> => JSON.parse(read(path));

const originals = globSync(
  [`{lib,{nodes,plugins}/*}/locales/${ORIGINAL}/*`, `scripts/new/template/nodes/*/locales/${ORIGINAL}/*`],
  {
    cwd: packageRoot,
  },
).sort();

/** The texts of the catalogue that lies beside a help text. */
const wordsBeside = (help: string): Map<string, string> => leaves(catalogue(help.replace(/html$/, 'json')));

for (const path of originals) {
  for (const language of LANGUAGES) {
    test(`${path} is there in ${language}, whole`, () => {
      const translated = path.replace(`/${ORIGINAL}/`, `/${language}/`);
      assert.ok(existsSync(join(packageRoot, translated)), `${translated} is missing`);
      const faults = path.endsWith('.json')
        ? catalogueFaults(catalogue(path), catalogue(translated))
        : helpFaults(read(path), read(translated), [path, translated].map(wordsBeside));
      assert.deepEqual(faults, []);
    });
  }
}

test('no language has a catalogue that the original has not', () => {
  const folders = globSync('{lib,{nodes,plugins}/*,scripts/new/template/nodes/*}/locales', { cwd: packageRoot });
  for (const folder of folders) {
    assert.deepEqual(readdirSync(join(packageRoot, folder)).sort(), [...LANGUAGES, ORIGINAL].sort(), folder);
    const own = readdirSync(join(packageRoot, folder, ORIGINAL)).sort();
    for (const language of LANGUAGES)
      assert.deepEqual(readdirSync(join(packageRoot, folder, language)).sort(), own, `${folder}/${language}`);
  }
});

/** The catalogues of what nodes share, by the first word of their keys. */
const shared = Object.fromEntries(
  globSync(`lib/locales/${ORIGINAL}/*.json`, { cwd: packageRoot }).map((path) => {
    const subject = basename(path, '.json');
    return [subject === 'errors' ? 'error' : subject, catalogue(path)];
  }),
);

for (const path of originals.filter((file) => /^(nodes|plugins)\/.*\.json$/.test(file))) {
  const [kind, type = ''] = path.split('/');
  const own = catalogue(path);
  const keys = leaves(own);
  const allKeys = leaves({ ...shared, ...own });
  const code = codeOf(`${kind}/${type}/**/*.{ts,tsx,html,js}`);

  test(`every text of ${path} is used`, () => {
    // A page shows what the nodes say of themselves, too.
    const use = new KeyUse(`${code}\n${codeOf(kind === 'plugins' ? '{lib,nodes}/**/*.ts' : 'lib/**/*.ts')}`);
    // A sentence goes with its status.
    const isUsed = (key: string): boolean =>
      use.names(key.replace(`${type}.sentence.`, `${type}.status.`)) ||
      // A page of its own has no other catalogue: it names a text without the plugin.
      (kind === 'plugins' && use.names(key.slice(type.length + 1)));
    assert.deepEqual(
      [...keys.keys()].filter((key) => !isUsed(key)),
      [],
    );
  });

  test(`every text that the code of ${type} uses is in ${path}`, () => {
    const use = new KeyUse(code);
    const sections = Object.keys(own[type] ?? {}).filter((section) => section !== 'property');
    const named = use.keysBelow([type, ...Object.keys(shared)]);
    const below = use.keysBelow(sections).map((key) => `${type}.${key}`);
    assert.deepEqual(
      [...named, ...below].filter((key) => !allKeys.has(key) && !isNoText(type, key)),
      [],
    );
    for (const template of use.templatesBelow(type))
      assert.ok(
        [...keys.keys()].some((key) => template.test(key)),
        `no text fits ${template}`,
      );
  });

  test(`so is every text that a part of lib uses which ${type} imports`, () => {
    for (const [, names = '', file = ''] of code.matchAll(
      /import \{([^}]*)\} from '(?:\.\.\/)+(lib\/[\w./-]+\.ts)'/g,
    )) {
      for (const [name, part] of exportsOf(codeOf(file))) {
        if (!new RegExp(`\\b${name}\\b`).test(names)) continue;
        for (const key of new KeyUse(part).keysBelow(['status']))
          assert.ok(keys.has(`${type}.${key}`), `${type}.${key}, of ${name}() in ${file}`);
      }
    }
  });
}

/** What a file exports: the name of each, and its code with what stands below it. */
function exportsOf(code: string): [name: string, part: string][] {
  const parts = code.split(/^export (?:async )?(?:function|class|const) /m).slice(1);
  return parts.map((part) => [/^\w+/.exec(part)?.[0] ?? '', part]);
}

/** An icon, a permission, a file: a word and its end, where a text has a section too. */
function isNoText(type: string, key: string): boolean {
  return ['svg', 'read', 'write', 'page.lock'].some((end) => key === `${type}.${end}`);
}

for (const [subject, words] of Object.entries(shared)) {
  test(`every text of lib/locales below ${subject} is used`, () => {
    const use = new KeyUse(
      codeOf('{lib,nodes,plugins}/**/*.{ts,tsx,html}').replace(/export const ERROR_CODES[\s\S]*?;/, ''),
    );
    const unused = [...leaves(words).keys()].filter(
      (key) => !use.names(subject === 'error' ? key : `${subject}.${key}`),
    );
    assert.deepEqual(unused, []);
    const named = use.keysBelow([subject]).filter((key) => !leaves({ [subject]: words }).has(key));
    assert.deepEqual(named, []);
  });
}

/** What English tells apart by these words has two in each language; Chinese has one that may be either. */
const BROKER = { de: /Broker/i, 'zh-CN': /消息代理|Broker/i };
const PROXY = { de: /Proxy/i, 'zh-CN': /(?<!消息)代理/ };

test('a broker is called a broker, and no proxy, in each language', () => {
  const files = originals.filter((path) => path.endsWith('.json'));
  for (const language of ['de', 'zh-CN'] as const) {
    for (const path of files) {
      const translated = leaves(catalogue(path.replace(`/${ORIGINAL}/`, `/${language}/`)));
      for (const [key, text] of leaves(catalogue(path))) {
        const words = translated.get(key) ?? '';
        const [isBroker, isProxy] = [/\bbroker/i.test(text), /\bprox(y|ies)\b/i.test(text)];
        if (isBroker) assert.match(words, BROKER[language], `${path} ${key}`);
        if (isBroker && !isProxy) assert.doesNotMatch(words, PROXY[language], `${path} ${key}`);
      }
    }
  }
});
