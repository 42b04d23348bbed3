// What stands under a node has at most 24 characters, whatever is filled in, in every language; the rest is a sentence.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { brief } from '../../lib/brief.ts';
import { ERROR_CODES } from '../../lib/error-codes.ts';
import { MonitoringError } from '../../lib/errors.ts';
import type { Arguments, Translate } from '../../lib/status.ts';
import { MOST_CHARACTERS, sentenceOf, statusText } from '../../lib/status-text.ts';
import { packageRoot } from '../support/node-red.ts';

interface Tree {
  readonly [key: string]: string | Tree;
}

const read = (path: string): Tree => JSON.parse(readFileSync(join(packageRoot, path), 'utf8')) as Tree;

function leaves(tree: Tree, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

/** As Node-RED: `__name__` stands for an argument, and a key that is not there for itself. */
function translator(texts: ReadonlyMap<string, string>, type: string): Translate {
  return (key, args: Arguments = {}) =>
    (texts.get(key) ?? `${type}.${key}`).replace(/__(\w+?)__/g, (_, name: string) => String(args[name] ?? ''));
}

const namesIn = (text: string): string[] => [...text.matchAll(/__(\w+?)__/g)].map(([, name = '']) => name);
const lengthOf = (text: string): number => [...text].length;

const files = globSync('nodes/*/locales/*/*.json', { cwd: packageRoot }).concat(
  globSync('scripts/new/template/nodes/*/locales/*/*.json', { cwd: packageRoot }),
);
const long = fc.oneof(
  fc.constantFrom(
    '/var/lib/docker/overlay2/'.repeat(4),
    'connect ECONNREFUSED 192.0.2.1:12201',
    '\u001b[31m',
    'ü'.repeat(80),
  ),
  fc.string({ maxLength: 200 }),
);
const value = fc.oneof(long, fc.integer({ min: -1, max: 200 }), fc.double(), fc.constant(123_456_789_012_345_680));

/** What is filled in on a usual day, as small and as large as it is there; words of a catalogue are in its own test. */
const USUAL: { readonly [name: string]: readonly [small: string | number, large: string | number] } = {
  ...{ count: [2, 999], total: [9, 98_765], lines: [2, 987_654], lost: [1, 12_345], rate: [2, 9_876] },
  ...{ connections: [2, 500], failures: [1, 12], days: [1, 365], percent: [1, 100], load: ['0.1', '12.3'] },
  ...{ ms: [1, 12_345], code: [200, 503], port: [80, 12_201], span: ['5 min', '365 d'], time: ['02:14', '02:14'] },
  ...{ key: ['web', 'worker'], name: ['db', 'Docker away'], mount: ['/', '/data'], field: ['a', 'disk_state'] },
  ...{
    limit: [5, 20],
    value: [1, 19],
    each: ['user', 'source_ip'],
    group: ['adm', 'docker'],
    log: ['auth.log', 'auth.log'],
  },
  ...{
    servers: ['graylog', 'graylog'],
    owner: ['sshd', 'fluent-bit'],
    label: ['URL', 'Fields'],
    why: ['refused', 'bad CA'],
  },
};

/** Where more or fewer are usual. */
const USUAL_OF: { readonly [status: string]: Arguments } = {
  'docker-events-in.status.events': { count: 12_345 },
  'graylog-out.status.away': { count: 12_345 },
  'record-filter.status.passed': { count: 12_345 },
  // Few mounts cannot be read.
  'disk-stats.status.usedSome': { count: 9, percent: 89 },
};

function usual(status: string, names: readonly string[]): Arguments[] {
  for (const name of names) assert.ok(USUAL[name], `a usual value for ${name}`);
  const sized = (at: 0 | 1) => Object.fromEntries(names.map((name) => [name, USUAL[name]?.[at] ?? '']));
  return [sized(0), { ...sized(1), ...USUAL_OF[status] }];
}

for (const file of files) {
  const type = basename(file, '.json');
  const texts = new Map(leaves((read(file)[type] ?? {}) as Tree));
  const translate = translator(texts, type);
  const statuses = [...texts].filter(([key]) => key.startsWith('status.'));

  test(`no status of ${file} is longer than 24 characters, whatever is filled in`, () => {
    for (const [key, text] of statuses) {
      const args = fc.record(Object.fromEntries(namesIn(text).map((name) => [name, value])));
      fc.assert(
        fc.property(args, (values) => {
          const shown = statusText(translate, key, values);
          assert.ok(lengthOf(shown) <= MOST_CHARACTERS, `${key}: ${shown}`);
        }),
        { numRuns: 50 },
      );
    }
  });

  test(`no status of ${file} is cut with what stands there on a usual day`, () => {
    for (const [key, text] of statuses) {
      for (const values of usual(`${type}.${key}`, namesIn(text))) {
        const shown = statusText(translate, key, values);
        assert.ok(!shown.includes('…'), `${key}: ${shown}`);
        assert.ok(lengthOf(shown) <= MOST_CHARACTERS, `${key}: ${shown}`);
      }
    }
  });

  test(`the words of each status of ${file} fit, with room for what is filled in`, () => {
    for (const [key, text] of statuses) {
      const names = namesIn(text);
      const words = lengthOf(text.replace(/__\w+?__/g, ''));
      assert.ok(words + 2 * names.length <= MOST_CHARACTERS, `${key}: ${text}`);
    }
  });

  test(`each sentence of ${file} belongs to a status, and says what the status does not`, () => {
    for (const [key, text] of texts) {
      if (!key.startsWith('sentence.')) continue;
      const status = texts.get(key.replace('sentence.', 'status.'));
      assert.ok(status !== undefined, `${key} belongs to no status`);
      assert.notEqual(text, '');
    }
  });
}

test('a fault of which the status keeps a part alone has a sentence', () => {
  const cut = globSync('nodes/*/locales/en-US/*.json', { cwd: packageRoot }).flatMap((file) => {
    const type = basename(file, '.json');
    const texts = new Map(leaves((read(file)[type] ?? {}) as Tree));
    const translate = translator(texts, type);
    return [...texts.keys()]
      .filter((key) => /^status\.(?:.*wrong|bad|no[A-Z]|failed|lost|away|denied|unreadable|missing)/.test(key))
      .filter((key) => sentenceOf(translate, key, { reason: 'r' }) === statusText(translate, key, { reason: 'r' }))
      .map((key) => `${type}.${key}`);
  });
  assert.deepEqual(
    cut,
    ['notify.status.noAddress'].filter((key) => cut.includes(key)),
  );
});

const BRIEF = new Map(leaves(read('lib/locales/en-US/brief.json')).map(([key, text]) => [`brief.${key}`, text]));
const words: Translate = (key, args = {}) =>
  (BRIEF.get(key) ?? key).replace(/__(\w+?)__/g, (_, name: string) => String(args[name] ?? ''));

test('every error of this package, and of the system, is one or two words in a status', () => {
  const codes = [
    ...ERROR_CODES,
    'ECONNREFUSED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  ];
  for (const code of codes) {
    const error = (ERROR_CODES as readonly string[]).includes(code)
      ? new MonitoringError(code as (typeof ERROR_CODES)[number], { status: 503 })
      : Object.assign(new Error('x'.repeat(100)), { code });
    const short = brief(error, words);
    assert.ok(short !== '' && lengthOf(short) <= 14 && !short.includes('brief.'), `${code}: ${short}`);
  }
  assert.equal(brief(new Error('strange'), words), 'failed');
  assert.equal(brief(new MonitoringError('STALE_CONNECTION', {}, { cause: new Error('x') }), words), 'cut off');
  assert.equal(brief(Object.assign(new Error(), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), words), 'bad CA');
  assert.equal(
    brief(new MonitoringError('UNTRUSTED_ISSUER', {}, { cause: new MonitoringError('NO_ANSWER') }), words),
    'no answer',
  );
});

for (const file of globSync('lib/locales/*/brief.json', { cwd: packageRoot })) {
  test(`every error is one or two words in ${file}`, () => {
    for (const [code, text] of leaves(read(file)))
      assert.ok(text !== '' && lengthOf(text.replace('__status__', '503')) <= 14, `${code}: ${text}`);
  });
}

test('every word for a code stands for a code that there is', () => {
  const own: ReadonlySet<string> = new Set<string>(ERROR_CODES);
  const others = [...BRIEF.keys()].map((key) => key.replace('brief.', '')).filter((code) => !own.has(code));
  for (const code of others)
    assert.match(
      code,
      /^(?:E[A-Z]+(?:_[A-Z]+)*|CERT_HAS_EXPIRED|UNTRUSTED|WANTS_CERTIFICATE|OTHER|ERR_TLS_CERT_ALTNAME_INVALID)$/,
    );
});

test('a filter has 19 characters at most below it: the default flow has a node beside it', () => {
  // As the node writes the counts.
  const counts = { count: '12.3k', total: '45.6k' };
  for (const file of files.filter((path) => basename(path) === 'record-filter.json')) {
    const texts = leaves((read(file)['record-filter'] ?? {}) as Tree);
    for (const [key, text] of texts.filter(([name]) => name.startsWith('status.'))) {
      const labels = key === 'status.wrongSetting' ? ['rules', 'atMost'] : [''];
      for (const label of labels.map((name) => new Map(texts).get(`label.${name}`) ?? '')) {
        const shown = statusText(translator(new Map(texts), 'record-filter'), key, { ...counts, label });
        assert.ok(lengthOf(shown) <= 19, `${file}: ${shown}: ${text}`);
      }
    }
  }
});
