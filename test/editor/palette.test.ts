import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { labelWidth } from '../support/label-width.ts';
import { startNodeRed } from '../support/node-red.ts';
import { nodeTypes } from '../support/package.ts';
import { real } from '../support/real.ts';

/** Node-RED breaks a label of the palette that is not below this width, in pixels, at its size of the font. */
const LINE_PX = 82;
const FONT_PX = 13;

test('the palette', real('Chromium', hasBrowser), async (t) => {
  const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
  const editor = await openEditor(t, red.url);
  const types = await editor.nodeTypes(nodeTypes);
  const { page } = editor;

  for (const { type, category } of types) {
    const entry = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    if (category === 'config') {
      await t.test(`${type} is a config node and not in the palette`, async () => assert.equal(await entry.count(), 0));
      continue;
    }
    await t.test(`${type} is in the category monitoring with its label and its icon`, async () => {
      assert.equal(await page.locator('#red-ui-palette-monitoring').locator(entry).count(), 1);
      const label = (await entry.getAttribute('data-palette-label')) ?? '';
      // The words of the type (the palette would set a hyphen apart), without the "in" that its drawing shows.
      assert.match(label, /^[a-z]+( [a-z]+)*$/);
      assert.ok(labelWidth(label, FONT_PX) < LINE_PX, `${label} takes one line`);
      // In a wider font it takes more lines, and no word is cut.
      assert.equal((await entry.locator('.red-ui-palette-label').innerText()).replaceAll('\n', ' '), label);
      assert.ok(type.replaceAll('-', ' ').startsWith(label), label);
      const icon = entry.locator('.red-ui-palette-icon');
      assert.match(
        await icon.evaluate((element) => getComputedStyle(element).backgroundImage),
        new RegExp(`${type}\\.svg`),
      );
      const width = await icon.evaluate(async (element) => {
        const image = new Image();
        image.src = getComputedStyle(element).backgroundImage.slice(5, -2);
        await image.decode();
        return image.naturalWidth;
      });
      assert.ok(width > 0);
    });
  }
  await t.test('loading the editor makes no error', () => assert.deepEqual(editor.faults(), []));
  for (const theme of ['light', 'dark'] as const) {
    await editor.theme(theme);
    await page.locator('#red-ui-palette-monitoring').scrollIntoViewIfNeeded();
    await editor.screenshot(`palette-${theme}`);
  }
});
