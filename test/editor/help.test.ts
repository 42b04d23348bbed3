import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEditor } from '../support/editor.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';
import { nodeTypes } from '../support/package.ts';

declare const RED: { nodes: { getNodeHelp(type: string): string } };

interface Shown {
  readonly type: string;
  readonly text: string;
  readonly items: number;
  readonly headings: number;
  readonly descriptions: number;
}

for (const { name, options, skip } of EDITORS) {
  test(`the help of every node is shown as it is meant in ${name}`, skip, async (t) => {
    const red = await startNodeRed(t, { ...options, flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
    const { page, faults } = await openEditor(t, red.url);
    const shown: Shown[] = await page.evaluate(
      (types) =>
        types.map((type) => {
          const help = document.createElement('div');
          help.innerHTML = RED.nodes.getNodeHelp(type);
          const count = (selector: string): number => help.querySelectorAll(selector).length;
          return {
            type,
            text: help.textContent ?? '',
            items: count('li'),
            headings: count('h3'),
            descriptions: count('dt'),
          };
        }),
      nodeTypes,
    );
    for (const { type, text, items, headings, descriptions } of shown) {
      const source = readFileSync(join(packageRoot, `nodes/${type}/locales/en-US/${type}.html`), 'utf8');
      const lines = source.split('\n');
      assert.doesNotMatch(text, /`|\*\*|^- |^#/m, `${type} shows marks of Markdown`);
      assert.equal(items, lines.filter((line) => /^\s*(?:- |\d+\. )/.test(line)).length, `${type}: items of lists`);
      assert.equal(headings, lines.filter((line) => line.startsWith('### ')).length, `${type}: headings`);
      assert.equal(descriptions, 0, `${type}: nothing became an entry of a description list`);
    }
    assert.deepEqual(faults(), []);
  });
}
