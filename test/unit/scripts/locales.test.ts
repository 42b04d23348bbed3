// What a translation is compared by, and how the keys of texts are found in code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyUse } from '../../support/catalogue-keys.ts';
import { scriptModule } from '../../support/script.ts';

interface Compare {
  catalogueFaults(original: object, translation: object): string[];
  helpFaults(original: string, translation: string, words?: Map<string, string>[]): string[];
  changedTexts(before: object, now: object): object[];
}

const { catalogueFaults, helpFaults, changedTexts } = await scriptModule<Compare>('locales/compare.js');

const ORIGINAL = { node: { label: { name: 'Name' }, status: { away: '__count__ waiting: __reason__' } } };

test('a catalogue is whole when each text is there with its placeholders, in whatever order', () => {
  const german = { node: { label: { name: 'Name' }, status: { away: '__reason__: __count__ warten' } } };
  assert.deepEqual(catalogueFaults(ORIGINAL, german), []);
});

for (const [what, translation, fault] of [
  ['lacks a text', { node: { label: { name: 'Name' } } }, /^node\.status\.away is missing$/],
  ['has one too many', { node: { ...ORIGINAL.node, tip: 'Tipp' } }, /^node\.tip is in no original$/],
  ['leaves one empty', { node: { ...ORIGINAL.node, label: { name: ' ' } } }, /^node\.label\.name is empty$/],
  [
    'lost a placeholder',
    { node: { ...ORIGINAL.node, status: { away: '__count__ warten' } } },
    /^node\.status\.away: placeholders are __count__ and ought to be __count__ __reason__$/,
  ],
  [
    'translated a placeholder',
    { node: { ...ORIGINAL.node, status: { away: '__anzahl__ warten: __reason__' } } },
    /placeholders are __anzahl__ __reason__/,
  ],
] as const) {
  test(`a catalogue that ${what} is told`, () => {
    const [found, ...more] = catalogueFaults(ORIGINAL, translation);
    assert.match(found ?? '', fault);
    assert.deepEqual(more, []);
  });
}

const help = (...lines: string[]): string =>
  `<script type="text/markdown" data-help-name="x">\n${lines.join('\n')}\n</script>\n`;
const HELP = help('Reads it.', '', '### Details', '', '- **Log**: a file, or `journal`', '', '| `a` | b |');

test('a help text is whole when its blocks, its code and its links are those of the original', () => {
  const german = help('Liest es.', '', '### Details', '', '- **Log**: `journal` oder eine Datei', '', '| `a` | c |');
  assert.deepEqual(helpFaults(HELP, german), []);
});

for (const [what, translation, fault] of [
  ['lacks a paragraph', HELP.replace('Reads it.\n\n', ''), /begins with/],
  ['has no end', HELP.replace(/\n\| .*/s, '\n</script>\n'), /block 8 .*begins with "\|4"/],
  ['lost a code', HELP.replace('`journal`', 'Journal'), /code are none and ought to be `journal`/],
  ['lost what is bold', HELP.replace('**Log**', 'Log'), /bold/],
  ['has another level of heading', HELP.replace('###', '##'), /begins with "### ", its translation with "## "/],
  ['left a paragraph empty', HELP.replace('Reads it.', ''), /block 2 .* is empty/],
  ['is about another node', HELP.replace('name="x"', 'name="y"'), /tags/],
] as const) {
  test(`a help text that ${what} is told`, () => {
    assert.match(helpFaults(HELP, translation).join('\n'), fault);
  });
}

test('a status that a help text quotes is quoted in the words of the translation', () => {
  const original = help('The status is `mounted alone`, and `ok`.');
  const words = [new Map([['status.alone', 'mounted alone, __n__']]), new Map([['status.alone', 'einzeln, __n__']])];
  assert.deepEqual(helpFaults(original, help('Der Status ist `einzeln`, und `ok`.'), words), []);
  assert.equal(helpFaults(original, help('Der Status ist `allein`, und `ok`.'), words).length, 1);
});

test('what has changed is told with what it was', () => {
  assert.deepEqual(changedTexts({ a: { b: 'one', c: 'two' } }, { a: { b: 'one', c: 'three', d: 'four' } }), [
    { key: 'a.c', was: 'two', now: 'three' },
    { key: 'a.d', was: undefined, now: 'four' },
  ]);
});

test('a key is found in code, in a form, and by a template of which the code names the rest', () => {
  const use = new KeyUse(`
    reporter.report('ok', 'status.ready');
    <span data-i18n="[title]node.tip.try;[aria-label]node.label.try"></span>
    const text = (key) => RED._(\`node.\${key}\`);
    fault = words(\`fault.\${found.fault}\`, {}); const FAULTS = { port: 1, host: 2 };
    const PART = '@scope/name/node:node.button.'; words(PART, 'close');
    warn(\`notice.\${name}\`); name = 'no-key';`);
  for (const key of ['status.ready', 'node.tip.try', 'node.label.try', 'fault.port', 'node.fault.host'])
    assert.ok(use.names(key), key);
  for (const key of ['node.notice.no-key', 'node.button.close']) assert.ok(use.names(key), key);
  for (const key of ['status.read', 'node.tip.other', 'fault.path', 'node.notice.key', 'node.button.open', 'port'])
    assert.ok(!use.names(key), key);
  assert.deepEqual(use.keysBelow(['status', 'node']).sort(), ['node.label.try', 'node.tip.try', 'status.ready']);
});
