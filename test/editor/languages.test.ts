// The editor in German and in Chinese: what a person reads of this package is in the language of the browser, all of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import type { Dialog } from '../support/dialog.ts';
import { type Editor, openEditor, screenshotFolder } from '../support/editor.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { nodeTypes } from '../support/package.ts';
import { clipped, untranslated } from '../support/readable.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

interface EditorGlobal {
  nodes: {
    getType(type: string): { defaults: Record<string, { value?: unknown; type?: string }> };
    node(id: string): { status?: { text?: string } } | null;
    import(nodes: object[]): void;
  };
}
declare const RED: EditorGlobal;

const LANGUAGES = { 'de-DE': 'de', 'zh-CN': 'zh-CN' };
const FLOW = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  { id: 'told', type: 'notify', z: 'tab', x: 150, y: 700, wires: [] },
  { id: 'unsent', type: 'graylog-out', z: 'tab', x: 350, y: 700, wires: [] },
];

test('the editor in other languages', real('Chromium', hasBrowser), async (t) => {
  const red = await startNodeRed(t, { flow: FLOW, settings: { lang: 'de' } });

  for (const [locale, language] of Object.entries(LANGUAGES)) {
    await t.test(`the editor in ${language}`, async (inner) => {
      const editor = await openEditor(inner, red.url, locale);
      const places = await importAll(editor);
      for (const [type, place] of places) {
        await inner.test(`the dialog of ${type} is in ${language}, whole, with its help`, async () => {
          try {
            await visit(editor, place, async (dialog) => {
              const help = await dialog.showHelp();
              assert.ok(plain(help).startsWith(firstSentence(type, language)), `${language}: ${help.slice(0, 200)}`);
              assert.doesNotMatch(help, /###|\*\*|`/);
              await editor.screenshots(`dialog-${type}-${language}`);
              assert.deepEqual(await faultsOf(dialog), []);
              if (type === 'alert')
                assert.equal(await linesOf(dialog, 'remindMinutes'), 1, 'a row of words is one line');
            });
          } catch (error) {
            // A dialog that is still open would be in the way of the next one.
            await editor.load();
            await importAll(editor);
            throw error;
          }
          assert.deepEqual(editor.faults(), []);
        });
      }
      await inner.test('a status and an error are in the language of Node-RED', async () => {
        const noAddress = wordsOf('notify', 'de').status?.noAddress;
        await until(async () => (await status(editor, 'told')) === noAddress);
        await until(() => red.log().includes(String(wordsOf('graylog-out', 'de').sentence?.noServer)));
      });
    });
  }
  t.diagnostic(`screenshots: ${screenshotFolder()}`);
});

/** Opens a dialog, and leaves none open. */
async function visit(editor: Editor, { id, property }: Place, use: (dialog: Dialog) => Promise<void>): Promise<void> {
  const outer = await editor.open(id);
  const dialog = property === undefined ? outer : await outer.openConfigNode(property);
  await use(dialog);
  if (property !== undefined) await dialog.cancel();
  await outer.cancel();
}

/** What is wrong with the words of a dialog, whatever is chosen in it: each choice may show other rows. */
async function faultsOf(dialog: Dialog): Promise<string[]> {
  const faults = new Set<string>();
  const look = async (): Promise<void> => {
    for (const fault of [...(await untranslated(dialog.form)), ...(await clipped(dialog.form))]) faults.add(fault);
  };
  await look();
  for (const tab of await dialog.form.locator('ul.red-ui-tabs li a').all()) {
    await tab.click();
    await look();
  }
  for (const select of await dialog.form.locator('select[id^="node-"]').all()) {
    if (!(await select.isVisible())) continue;
    const chosen = await select.inputValue();
    const options = await select
      .locator('option')
      .evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
    for (const option of [...options, chosen]) {
      await select.selectOption(option);
      await select.dispatchEvent('change');
      await look();
    }
  }
  return [...faults];
}

/** Over how many lines the row of a field goes. */
function linesOf(dialog: Dialog, property: string): Promise<number> {
  return dialog.control(property).evaluate((field) => {
    const { height } = field.getBoundingClientRect();
    return Math.round((field.parentElement?.getBoundingClientRect().height ?? 0) / height);
  });
}

interface Place {
  id: string;
  /** Of a node of the workspace: the one that names the config node. */
  property?: string;
}

/** Puts a node of each type into the workspace as the palette would; gives where each dialog is. */
async function importAll(editor: Editor): Promise<Map<string, Place>> {
  const types = await editor.nodeTypes(nodeTypes);
  const shown = types.filter(({ category }) => category !== 'config');
  const places = new Map<string, Place>(shown.map(({ type }) => [type, { id: `of-${type}` }]));
  for (const { type, configNodes } of shown) {
    for (const [property, named] of Object.entries(configNodes))
      if (nodeTypes.includes(named) && !places.has(named)) places.set(named, { id: `of-${type}`, property });
  }
  await editor.page.evaluate(
    (names) => {
      const nodes = names.map((type, at) => {
        const { defaults } = RED.nodes.getType(type);
        const values = Object.entries(defaults).map(([key, { value }]) => [key, value]);
        const place = { x: 150 + 220 * (at % 3), y: 80 + 80 * Math.floor(at / 3), z: 'tab', wires: [] };
        return { ...Object.fromEntries(values), id: `of-${type}`, type, ...place };
      });
      RED.nodes.import(nodes);
    },
    shown.map(({ type }) => type),
  );
  return places;
}

function status(editor: Editor, id: string): Promise<string | undefined> {
  return editor.page.evaluate((node) => RED.nodes.node(node)?.status?.text, id);
}

function wordsOf(type: string, language: string): Record<string, Record<string, string>> {
  const file = join(packageRoot, 'nodes', type, 'locales', language, `${type}.json`);
  return JSON.parse(readFileSync(file, 'utf8'))[type];
}

const plain = (text: string): string => text.replace(/\s+/g, ' ');

/** How the help of a type begins: its first line, below the tag. */
function firstSentence(type: string, language: string): string {
  const help = readFileSync(join(packageRoot, 'nodes', type, 'locales', language, `${type}.html`), 'utf8');
  return plain(help.split('\n')[1]?.replace(/[`*]/g, '') ?? '');
}
