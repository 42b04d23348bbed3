import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { fakeContainer, startFakeEngine } from '../support/fake-engine.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startNodeRed } from '../support/node-red.ts';
import { PodWriter } from '../support/pod-writer.ts';
import { real } from '../support/real.ts';

test(
  'the dialogs of the Docker nodes test the engine and offer what it has',
  real('Chromium', hasBrowser),
  async (t) => {
    const engine = await startFakeEngine(t);
    const web = fakeContainer('web');
    const labels = { team: 'blue', 'com.docker.compose.project': 'shop' };
    engine.containers = [
      { ...web, Config: { ...web.Config, Labels: labels } },
      fakeContainer('db', { Running: false }),
    ];
    const source = { z: 'tab', engine: 'e', y: 100, wires: [[]] };
    const flow = [
      { id: 'tab', type: 'tab', label: 'Flow' },
      { id: 'e', type: 'docker-engine', host: engine.host },
      { id: 'logs', type: 'docker-logs-in', x: 200, ...source },
      { id: 'events', type: 'docker-events-in', x: 400, ...source },
    ];
    const red = await startNodeRed(t, { flow });
    const editor = await openEditor(t, red.url);

    for (const [id, type] of [
      ['logs', 'docker-logs-in'],
      ['events', 'docker-events-in'],
    ] as const) {
      const dialog = await editor.open(id);
      const options = (list: string): Promise<string[]> =>
        dialog.form
          .locator(`#${type}-${list} option`)
          .evaluateAll((found) => found.map((option) => (option as HTMLOptionElement).value));
      await dialog.form.locator(`#${type}-containers option`).first().waitFor({ state: 'attached' });
      assert.deepEqual(await options('containers'), ['db', 'web']);
      assert.deepEqual(await options('labels'), ['team=blue']);
      assert.deepEqual(await options('projects'), ['shop']);
      await editor.screenshot(`${type}-offers`);
      await dialog.cancel();
    }

    const dialog = await editor.open('logs');
    const config = await dialog.openConfigNode('engine');
    const result = config.form.locator('#node-config-docker-engine-result');
    const press = async (): Promise<string> => {
      await config.form.locator('#node-config-docker-engine-test').click();
      await config.form.locator('#node-config-docker-engine-test:enabled').waitFor();
      return (await result.textContent()) ?? '';
    };
    assert.match(await press(), /Docker fake \(API 1\.41\) at .*docker\.sock, 1 of 2 containers run/);
    await editor.screenshot('docker-engine-test');
    await config.set('host', 'unix:///nowhere/docker.sock');
    assert.match(await press(), /there is no such socket/);
    const root = temporaryFolder();
    new PodWriter(root).line('begins');
    new PodWriter(root, { pod: 'db-0', uid: 'aa11', container: 'store' }).line('begins');
    await config.set('host', `cri://${root}/pods`);
    assert.match(await press(), /^2 containers in 2 pods at .*\/pods \(log files/);
    await config.set('host', 'cri:///nowhere/pods');
    assert.match(await press(), /^there is no folder \/nowhere\/pods: correct the address/);
    assert.deepEqual(editor.faults(), []);
  },
);

test(
  'the rules of docker-logs-in are written, sorted into the flow, and shown again',
  real('Chromium', hasBrowser),
  async (t) => {
    const engine = await startFakeEngine(t);
    engine.containers = [fakeContainer('web')];
    const saved = { of: 'image', pattern: 'nginx:*', ship: true, streams: 'stderr', json: true, multiline: '^x' };
    const source = { id: 'logs', type: 'docker-logs-in', z: 'tab', engine: 'e', x: 200, y: 100, wires: [[]] };
    const flow = [
      { id: 'tab', type: 'tab', label: 'Flow' },
      { id: 'e', type: 'docker-engine', host: engine.host },
      { ...source, rules: [saved] },
    ];
    const red = await startNodeRed(t, { flow });
    const editor = await openEditor(t, red.url);
    const dialog = await editor.open('logs');
    const rows = dialog.form.locator('#docker-logs-in-rules li');
    assert.equal(await rows.count(), 1);
    assert.equal(await rows.nth(0).locator('.rule-multiline').inputValue(), '^x');
    await dialog.form.locator('.red-ui-editableList-addButton').click();
    const added = rows.nth(1);
    await added.locator('.rule-pattern').fill('noise-*');
    await added.locator('.rule-ship').selectOption('false');
    assert.equal(await added.locator('.rule-pattern').getAttribute('list'), 'docker-logs-in-containers');
    assert.equal(await added.locator('.rule-multiline').isVisible(), false);
    await dialog.set('streams', 'stdout');
    await editor.screenshot('docker-logs-in-rules');
    await dialog.done();
    const again = await editor.open('logs');
    assert.equal(await again.control('streams').inputValue(), 'stdout');
    assert.deepEqual(
      await again.form
        .locator('#docker-logs-in-rules .rule-pattern')
        .evaluateAll((found) => found.map((input) => (input as HTMLInputElement).value)),
      ['nginx:*', 'noise-*'],
    );
    assert.equal(await again.form.locator('.rule-json').nth(0).inputValue(), 'true');
    await again.cancel();
    assert.deepEqual(editor.faults(), []);
  },
);
