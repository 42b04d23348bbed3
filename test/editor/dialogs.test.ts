import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import type { Dialog, Value } from '../support/dialog.ts';
import { type Editor, openEditor, screenshotFolder } from '../support/editor.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { nodeTypes } from '../support/package.ts';
import { faint, untranslated } from '../support/readable.ts';
import { real } from '../support/real.ts';

/** What a person enters in the dialog of each node, and one property with a value that must be marked. */
const entries: Record<string, { values: Record<string, Value>; wrong: [property: string, value: string] }> = {
  'graylog-server': {
    values: {
      endpoints: 'tcp://127.0.0.1:1',
      compression: 'zlib',
      overflow: 'newest',
      bulk: true,
      gzip: true,
      authorization: 'Basic eA==',
    },
    wrong: ['endpoints', 'ftp://nowhere'],
  },
  'graylog-out': { values: { port: '12202' }, wrong: ['port', 'many'] },
  'auth-log-in': { values: { file: '/var/log/nowhere', onlySsh: true }, wrong: ['zone', 'Mars/Base'] },
  'docker-engine': { values: { host: 'tcp://127.0.0.1:1' }, wrong: ['host', 'ftp://nowhere'] },
  'docker-events-in': { values: { types: 'container', exec: true }, wrong: ['types', 'spaceship'] },
  'docker-logs-in': { values: { include: 'web-*', from: 'start', json: true }, wrong: ['multilineMs', 'soon'] },
  'disk-stats': { values: { include: '/, /srv/*', warning: '70' }, wrong: ['interval', 'often'] },
  'http-check': {
    values: {
      url: 'http://127.0.0.1:1/health',
      method: 'POST',
      authType: 'basic',
      user: 'me',
      password: 'secret',
      headers: 'X-Api-Key: secret',
      body: '{}',
      secretsElsewhere: true,
      insideRedirects: true,
      retries: '3',
    },
    wrong: ['url', 'ftp://nowhere'],
  },
  uptime: { values: { interval: '120' }, wrong: ['interval', 'often'] },
  'record-filter': {
    values: { action: 'keep', atMost: '50', per: '2', perUnit: 'min', each: 'container_name' },
    wrong: ['atMost', 'often'],
  },
  alert: {
    values: { kind: 'limit', field: 'disk_used_percent', limit: '90', end: '85', severity: 'critical', orNone: true },
    wrong: ['limit', '1,5'],
  },
  notify: {
    values: {
      service: 'ntfy',
      url: 'http://127.0.0.1:1/my-secret-topic',
      chat: 'my-topic',
      user: 'me',
      password: 'secret',
      leastSeverity: 'error',
      collectSeconds: '10',
      zone: 'Europe/Berlin',
    },
    wrong: ['collectSeconds', 'soon'],
  },
  'gelf-in': {
    values: {
      ...{ transport: 'tcp', port: '12345', address: '', senders: '192.0.2.0/24', mostKilobytes: '128' },
      ...{ connections: '10', memoryMegabytes: '8', holdSeconds: '0' },
    },
    wrong: ['senders', 'everybody'],
  },
};

/** How to get to a dialog: that of a node in the workspace, or of the config node that one of its properties names. */
interface Place {
  id: string;
  property?: string;
  /** Properties that name a config node of this package. */
  configNodes: string[];
}

test('the dialogs', real('Chromium', hasBrowser), async (t) => {
  const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
  const editor = await openEditor(t, red.url);
  const places = await findPlaces(editor);
  const entered = new Map<string, Record<string, Value>>();

  for (const [type, place] of places) {
    await t.test(`the dialog of ${type} takes what a person enters`, async () => {
      const entry = entries[type];
      assert.ok(entry, `test/editor/dialogs.test.ts has no row for ${type}`);
      await visit(editor, place, async (dialog) => {
        for (const [property, value] of Object.entries(entry.values)) await dialog.set(property, value);
        for (const property of place.configNodes) await dialog.choose(property);
        await dialog.set('name', `my ${type}`);
        entered.set(type, await dialog.values());
        await dialog.done();
      });
      assert.deepEqual(editor.faults(), []);
    });
  }
  let isDeployed = false;
  await t.test('what was entered is valid and deploys', async () => {
    for (const [type, { id }] of places) assert.ok(await editor.isValid(id), `${type} is valid`);
    await editor.deploy();
    assert.deepEqual(editor.faults(), []);
    const deployed = await red.api<{ type: string; hasAuthorization?: boolean }[]>('/flows');
    const server = deployed.find(({ type }) => type === 'graylog-server');
    assert.equal(server?.hasAuthorization, true, 'the node knows that an authorization was entered');
    isDeployed = true;
  });
  // Without it every dialog below would be missed by its own deadline.
  if (!isDeployed) return;

  await editor.load();
  for (const [type, place] of places) {
    // One visit for all of it: most of the time of this file is that of dialogs sliding in and out.
    await t.test(`the dialog of ${type} opens after Deploy`, (inner) =>
      visit(editor, place, async (dialog) => {
        await inner.test(`the dialog of ${type} shows the same values after Deploy and reopening`, async () => {
          assert.deepEqual(await dialog.values(), entered.get(type));
          assert.deepEqual(editor.faults(), []);
        });
        for (const theme of ['light', 'dark'] as const) {
          await inner.test(`the dialog of ${type} is readable in the ${theme} theme`, async () => {
            await editor.theme(theme);
            await editor.screenshot(`dialog-${type}-${theme}`);
            assert.deepEqual(await faint(dialog.form, 3), []);
          });
        }
        await inner.test(`the dialog of ${type} has a text for every label, and help in the sidebar`, async () => {
          assert.deepEqual(await untranslated(dialog.form), []);
          assert.ok(words(await dialog.showHelp()).includes(firstSentence(type)));
          assert.deepEqual(editor.faults(), []);
        });
      }),
    );
    await t.test(
      `a wrong value in the dialog of ${type} is marked, there and in the workspace, until it is right`,
      async () => {
        const [property, wrong] = entries[type]?.wrong ?? ['', ''];
        let right: Value = '';
        await visit(editor, place, async (dialog) => {
          right = (await dialog.values())[property] ?? '';
          assert.equal(await dialog.isMarked(property), false);
          await dialog.set(property, wrong);
          assert.equal(await dialog.isMarked(property), true);
          await dialog.done();
        });
        // The workspace has no place for a config node.
        if (place.property === undefined) assert.equal(await editor.isValid(place.id), false);
        await visit(editor, place, async (dialog) => {
          assert.equal(await dialog.isMarked(property), true);
          await dialog.set(property, right);
          assert.equal(await dialog.isMarked(property), false);
          await dialog.done();
        });
        assert.equal(await editor.isValid(place.id), true);
        assert.deepEqual(editor.faults(), []);
      },
    );
  }
  t.diagnostic(`screenshots: ${screenshotFolder()}`);
});

const words = (text: string): string => text.replace(/\s+/g, ' ');

/** How the help of a type begins. */
function firstSentence(type: string): string {
  const help = readFileSync(join(packageRoot, 'nodes', type, 'locales/en-US', `${type}.html`), 'utf8');
  // Markdown: a paragraph is a line, below the tag.
  const [, paragraph = ''] = help.split('\n');
  assert.notEqual(paragraph, '', `the help of ${type} begins with a paragraph`);
  return words(paragraph.replace(/[`*]/g, '')).trim();
}

/** Drops a node of every type of the palette into the workspace. Config nodes come first: what uses them needs them. */
async function findPlaces(editor: Editor): Promise<Map<string, Place>> {
  const palette = new Map<string, Place>();
  const config = new Map<string, Place>();
  const types = await editor.nodeTypes(nodeTypes);
  for (const [index, { type, configNodes }] of types.filter(({ category }) => category !== 'config').entries()) {
    const id = await editor.drop(type, 150 + 220 * (index % 2), 80 + 80 * Math.floor(index / 2));
    const ours = Object.entries(configNodes).filter(([, named]) => nodeTypes.includes(named));
    palette.set(type, { id, configNodes: ours.map(([property]) => property) });
    for (const [property, named] of ours) {
      if (!config.has(named)) config.set(named, { id, property, configNodes: [] });
    }
  }
  const places = new Map([...config, ...palette]);
  assert.deepEqual([...places.keys()].sort(), [...nodeTypes].sort(), 'every type has a dialog that can be reached');
  return places;
}

/** Opens a dialog, and leaves no dialog open. */
async function visit(editor: Editor, { id, property }: Place, use: (dialog: Dialog) => Promise<void>): Promise<void> {
  const outer = await editor.open(id);
  try {
    const dialog = property === undefined ? outer : await outer.openConfigNode(property);
    await use(dialog);
    const isDone = !(await dialog.isOpen());
    if (!isDone) await dialog.cancel();
    // Done keeps a config node that was made here for the node that names it.
    if (property !== undefined) await (isDone ? outer.done() : outer.cancel());
  } catch (error) {
    await editor.screenshot(`failed-${id}-${property ?? ''}`);
    await editor.load();
    throw error;
  }
}
