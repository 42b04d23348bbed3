// Each small example as somebody tries it on a host without anything: imported from the menu into a Node-RED that is new,
// and deployed. What is red there says what it needs, and nothing that is wired goes nowhere.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Editor, openEditor } from '../support/editor.ts';
import { temporaryFolder } from '../support/folder.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';
import { copyPackage, nodeTypes, packageJson } from '../support/package.ts';
import { until } from '../support/until.ts';

interface ShownNode {
  id: string;
  type: string;
  name?: string;
  status?: { fill?: string; text?: string };
}
declare const RED: {
  nodes: {
    eachNode(visit: (node: ShownNode) => void): void;
    getWorkspaceOrder(): string[];
    workspace(id: string): object | undefined;
  };
  workspaces: { delete(workspace: object): void };
};

const DEFAULT = 'infrastructure-monitoring';
const examples = readdirSync(join(packageRoot, 'flows')).map((file) => file.replace('.json', ''));
const small = examples.filter((name) => name !== DEFAULT);
const EMPTY = [{ id: 'mine', type: 'tab', label: 'Mine' }];

async function importExample({ page, deploy }: Editor, name: string): Promise<void> {
  const tab = page.locator('#red-ui-clipboard-dialog-import-tabs').getByText('Examples');
  // What is pressed while the editor still draws what was deployed before may go nowhere.
  await until(async () => {
    await page.keyboard.press('Control+i');
    return tab.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  });
  await tab.click();
  const list = page.locator('[id="red-ui-clipboard-dialog-import-tab-examples"]');
  await list.getByText(packageJson().name).click();
  const item = list.getByText(name, { exact: true });
  const confirm = page.locator('#red-ui-clipboard-dialog-ok');
  // While the list unfolds a click may hit the line before.
  await until(async () => {
    await item.click();
    return confirm.isEnabled();
  });
  await confirm.click();
  await page.locator('#red-ui-header-button-deploy:not(.disabled)').waitFor();
  await deploy();
}

/** Of a source that has only just been started; one that checks only when it is asked stays so. */
const BEGINS = '^(waiting|no check yet|no measurement yet|connecting|opening .*)?$';

/** What stands under the nodes of this package, once each has begun: `type name: colour text`. */
async function statuses(page: Page): Promise<string[]> {
  const own = nodeTypes;
  await page.waitForFunction(
    ([types, begins]) => {
      let isWhole = true;
      RED.nodes.eachNode(({ type, status, ...settings }) => {
        const isAsked = (settings as { interval?: string }).interval === '0';
        if (types.includes(type) && !isAsked && new RegExp(begins).test(status?.text ?? '')) isWhole = false;
      });
      return isWhole;
    },
    [own, BEGINS] as const,
    { timeout: 90_000 },
  );
  return page.evaluate((types) => {
    const found: string[] = [];
    RED.nodes.eachNode(({ type, name = '', status }) => {
      if (types.includes(type)) found.push(`${type} ${name}: ${status?.fill} ${status?.text}`);
    });
    return found;
  }, own);
}

for (const { name, options, skip } of EDITORS) {
  test(`each example is imported and deployed in ${name}`, skip, async (t) => {
    const userDir = temporaryFolder();
    copyPackage(userDir);
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock', AUTH_LOG: '' };
    const red = await startNodeRed(t, { ...options, userDir, ownPackage: false, flow: EMPTY, env });
    const editor = await openEditor(t, red.url);
    for (const example of small) {
      await t.test(`${example}, in ${name}`, async (one) => {
        await importExample(editor, example);
        const shown = await statuses(editor.page);
        one.diagnostic(shown.join(' | '));
        assert.ok(shown.length > 0);
        // What is asked there is made up: nobody answers.
        const wrong = shown.filter(
          (text) => /: red |goes nowhere/.test(text) && !/^http-check my shop: red /.test(text),
        );
        assert.deepEqual(wrong, []);
        assert.deepEqual(editor.faults(), []);
      });
      // The next Deploy takes it away.
      await editor.page.evaluate(() => {
        for (const id of RED.nodes.getWorkspaceOrder())
          if (id !== 'mine') RED.workspaces.delete(RED.nodes.workspace(id) ?? {});
      });
    }
  });
}
