import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAuthority } from '../support/certificate.ts';
import { type Editor, openEditor, type Theme } from '../support/editor.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Receiver, receiveTcp } from '../support/graylog.ts';
import { Hand } from '../support/hand.ts';
import { serve } from '../support/http-servers.ts';
import { type NodeRedOptions, packageRoot, type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';
import { copyPackage, packageJson } from '../support/package.ts';

/**
 * What an operator does with the default flow of a host, as a person clicks it: the clicks and keys are counted, and compared
 * with what they were before. Those with alerts are in `alert-tasks.test.ts`.
 */

const FLOW = JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as FlowNode[];
const SHIP = 'infra00authship0';

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly g?: string;
  readonly info?: string;
  readonly [property: string]: unknown;
}

interface Desk {
  readonly name: string;
  readonly red: RunningNodeRed;
  readonly editor: Editor;
  readonly authLog: string;
  readonly caFile: string;
  /** Graylog, over TLS with an authority of its own, and the old port of the auth log. */
  readonly graylog: Receiver;
  readonly authPort: Receiver;
}

async function sitDown(t: TestContext, name: string, options: NodeRedOptions): Promise<Desk> {
  const folder = temporaryFolder();
  const authority = createAuthority();
  const [authLog, caFile] = [join(folder, 'auth.log'), join(folder, 'ca.pem')];
  writeFileSync(authLog, '');
  writeFileSync(caFile, authority.cert);
  const server = authority.issue('DNS:localhost,IP:127.0.0.1');
  const graylog = await receiveTcp(t, { tls: server });
  const authPort = await receiveTcp(t, { tls: server });
  const env = {
    LOGGING_URL: `tls://localhost:${graylog.port}`,
    LOGGING_PORT_AUTH_LOG: String(authPort.port),
    AUTH_LOG: authLog,
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    LOGGING_FIELDS: 'role=db',
    ALERT_WEBHOOK_URL: '',
  };
  const red = await startNodeRed(t, { ...options, flow: FLOW, env });
  const editor = await openEditor(t, red.url);
  await editor.page.setViewportSize({ width: 1600, height: 1000 });
  return { name, red, editor, authLog, caFile, graylog, authPort };
}

/** The host as it was at first, seen in a theme. */
async function clear({ red, editor, graylog, authPort }: Desk, theme: Theme): Promise<void> {
  await red.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(FLOW),
  });
  for (const { documents } of [graylog, authPort]) documents.length = 0;
  await editor.load();
  await editor.theme(theme);
}

const statusLabel = ({ editor }: Desk, id: string) =>
  editor.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`);

async function showsStatus(desk: Desk, id: string, text: RegExp): Promise<void> {
  await statusLabel(desk, id).getByText(text).waitFor({ timeout: 90_000 });
}

/** A click on the label of a group: its inside cannot be clicked. */
async function clickGroup({ editor }: Pick<Desk, 'editor'>, hand: Hand, id: string): Promise<void> {
  await hand.click(editor.page.locator(`[id="${id}"] .red-ui-flow-group-label-text`).first());
}

function told(t: TestContext, { name }: Pick<Desk, 'name'>, hand: Hand, before: string, most: number): void {
  t.diagnostic(`${name}: ${hand.counts} (before: ${before})`);
  assert.ok(hand.clicks <= most, `${hand.counts}, ${most} clicks at most`);
}

async function nodes({ red }: Pick<Desk, 'red'>): Promise<FlowNode[]> {
  return red.api<FlowNode[]>('/flows');
}

type Task = (desk: Desk, hand: Hand, t: TestContext) => Promise<void>;

const TASKS: { readonly [task: string]: Task } = {
  async '12: why nothing arrives is said whole in the dialog'(desk, hand, t) {
    await showsStatus(desk, SHIP, /^\d+ waiting: bad CA$/);
    const dialog = await hand.open(SHIP);
    await dialog.form.getByText('choose the authority that signed it under TLS').waitFor();
    await desk.editor.screenshot(`task-12-${desk.name}`);
    await dialog.cancel();
    told(t, desk, hand, '0 to 3 clicks, half of the reason', 3);
  },

  async '9: a Graylog with an authority of its own gets records'(desk, hand, t) {
    const outer = await hand.open(SHIP);
    hand.clicks += 1;
    const server = await outer.openConfigNode('server');
    hand.clicks += 1;
    const tls = await server.openConfigNode('tls');
    await hand.click(tls.form.locator('#node-config-input-uselocalfiles'));
    await hand.click(tls.control('ca'));
    await hand.type(desk.caFile);
    await hand.done(tls);
    await hand.done(server);
    await hand.done(outer);
    await hand.deploy();
    await desk.graylog.find(({ _log_type: type }) => type === 'uptime', 60_000);
    await showsStatus(desk, 'infra00hostship0', /^sending$/);
    told(t, desk, hand, '10 clicks, and an answer of Test that was wrong', 10);
  },

  async '1: what the host does is seen without a click'(desk, hand, t) {
    appendFileSync(
      desk.authLog,
      'Nov 26 10:00:00 h sshd[7]: Accepted password for me from 192.0.2.7 port 50000 ssh2\n',
    );
    await showsStatus(desk, 'infra0000authlog', /^\d+ lines?, \d\d:\d\d$/);
    await showsStatus(desk, 'infra000000uptime', /load \d/);
    await showsStatus(desk, 'infra00000disks', / %/);
    await showsStatus(desk, 'infra00000http', /^\d\d\d in \d+ ms$/);
    await desk.editor.screenshot(`task-1-${desk.name}`);
    const labels = await desk.editor.page.locator('.red-ui-flow-node-status-label').allTextContents();
    assert.deepEqual(
      labels.filter((text) => [...text].length > 24),
      [],
    );
    told(t, desk, hand, '0 clicks, and nothing to see for 57 s', 0);
  },

  async '8: the auth log goes to its old port, by a variable alone'(desk, hand, t) {
    const { authPort, graylog } = desk;
    await authPort.find(({ _event_action: action }) => action === 'ssh_login', 60_000);
    assert.equal(
      graylog.documents.some(({ _log_type: type }) => type === 'auth'),
      false,
    );
    told(t, desk, hand, '3 variables, 0 clicks', 0);
  },

  async '2: what each group does is read with a click'(desk, hand, t) {
    const { page } = desk.editor;
    await page.keyboard.press('Control+g');
    await page.keyboard.press('i');
    const groups = FLOW.filter(({ type }) => type === 'group');
    for (const { id, info = '' } of groups) {
      await clickGroup(desk, hand, id);
      const words =
        info
          .replace(/[*`_#-]/g, '')
          .split('\n')[0]
          ?.trim()
          .slice(0, 30) ?? '';
      assert.ok(words.length > 10, `${id} has a description`);
      const text = page.locator('.red-ui-info-table ~ *, .red-ui-help, .red-ui-sidebar-info').getByText(words).last();
      await text.waitFor();
      const isCut = await text.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
      assert.equal(isCut, false, `${id} is wrapped by the editor`);
    }
    await desk.editor.screenshot(`task-2-${desk.name}`);
    told(t, desk, hand, '27 clicks, none readable', 27);
  },

  async '3: the disk / rings over 80 %'(desk, hand, t) {
    const dialog = await hand.open('infra00000disks');
    await hand.click(dialog.control('include'));
    await hand.type('/');
    await hand.click(dialog.control('critical'));
    await hand.press('Control+a');
    await hand.type('80');
    await desk.editor.screenshot(`task-3-limit-${desk.name}`);
    await hand.done(dialog);
    await hand.deploy();
    assert.equal(await desk.editor.isValid('infra00000disks'), true);
    const disks = (await nodes(desk)).find(({ id }) => id === 'infra00000disks');
    assert.deepEqual([disks?.include, disks?.critical], ['/', '80']);
    await showsStatus(desk, 'infra00000disks', /^\/ \d+ %$/);
    told(t, desk, hand, '8 clicks, in code, for all disks', 8);
  },

  async '6a: one container is left out'(desk, hand, t) {
    const dialog = await hand.open('infra00dockerlog');
    await hand.click(dialog.control('exclude'));
    await hand.type('noisy');
    await hand.done(dialog);
    await hand.deploy();
    const log = (await nodes(desk)).find(({ id }) => id === 'infra00dockerlog');
    assert.equal(log?.exclude, 'noisy');
    told(t, desk, hand, '5 clicks', 5);
  },

  async '6b: of one container only stderr is read'(desk, hand, t) {
    const dialog = await hand.open('infra00dockerlog');
    await hand.click(dialog.form.locator('.red-ui-editableList-addButton').last());
    await dialog.form.locator('.rule-pattern:focus').waitFor();
    await hand.type('web');
    // To the stream, over whether it is read; a select box takes the first letters of what it has.
    await hand.press('Tab');
    await hand.press('Tab');
    await hand.type('only stderr');
    await desk.editor.screenshot(`task-6-${desk.name}`);
    await hand.done(dialog);
    await hand.deploy();
    const log = (await nodes(desk)).find(({ id }) => id === 'infra00dockerlog');
    assert.match(JSON.stringify(log?.rules), /"web".*"stderr"/);
    told(t, desk, hand, '5 clicks and about 110 keys of code', 5);
  },

  async '7: a second endpoint with a text and a login is checked'(desk, hand, t) {
    const { page } = desk.editor;
    const address = await serve(t, (request, response) => {
      const isMe = request.headers.authorization === `Basic ${btoa('me:secret')}`;
      response.writeHead(isMe ? 200 : 401).end('all is well');
    });
    const id = await hand.drop('http-check', 640, 640);
    const dialog = await hand.open(id);
    await hand.click(dialog.control('url'));
    await hand.type(address);
    await desk.editor.screenshot(`task-7-${desk.name}`);
    const show = async (name: string): Promise<void> => {
      const tab = dialog.form.locator('.red-ui-tab').filter({ hasText: name });
      await hand.click(tab.getByText(name));
      const isShown = () => tab.and(dialog.form.locator('.active')).waitFor({ timeout: 1_000 });
      // A click within 400 ms of another one is half of a double click to Node-RED 4.1. Nobody is that fast: it is made again
      // when it has not worked for longer than that.
      await isShown().catch(async () => {
        await tab.getByText(name).click();
        await isShown();
      });
    };
    await show('Request');
    await hand.choose(dialog.control('authType'), 'basic');
    await hand.click(dialog.control('user'));
    await hand.type('me');
    await hand.press('Tab');
    await hand.type('secret');
    await show('Expected');
    await hand.choose(dialog.control('matchType'), 'contains');
    await hand.press('Tab');
    await hand.type('all is well');
    await hand.done(dialog);
    await hand.wire(id, 'infra00httpship0');
    await hand.wire(id, 'infra000httpdown', 1);
    await hand.deploy();
    await showsStatus(desk, id, /^200 in \d+ ms$/);
    await page.keyboard.press('Escape');
    told(t, desk, hand, '17 clicks, 53 keys', 17);
  },

  async '16: a static field stands in every record of the host'(desk, hand, t) {
    const { page } = desk.editor;
    await page.keyboard.press('Control+g');
    await page.keyboard.press('c');
    const entry = page
      .locator('.red-ui-sidebar-node-config-list .red-ui-palette-label')
      .getByText(/tls:|LOGGING_URL|Graylog/);
    hand.clicks += 2;
    await entry.first().dblclick();
    const fields = page.locator('#node-config-input-fields');
    await fields.waitFor();
    await hand.click(fields);
    await hand.type('site=ams');
    await desk.editor.screenshot(`task-16-${desk.name}`);
    hand.clicks += 1;
    await page.locator('#node-config-dialog-ok').click();
    await page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
    await hand.deploy();
    // The heartbeat comes once a minute: that it has them too is tested with the server.
    const record = await desk.graylog.find(
      ({ _log_type: type, _site: site }) => type === 'uptime' && site === 'ams',
      60_000,
    );
    assert.equal(record._role, 'db', 'that of the variable');
    told(t, desk, hand, '5 clicks, 14 keys, for one node and not for the heartbeat', 5);
  },

  async '14: the Docker groups are removed'(desk, hand, t) {
    const groups = FLOW.filter(({ type, name }) => type === 'group' && /docker/i.test(String(name)));
    for (const { id } of groups) {
      await clickGroup(desk, hand, id);
      await hand.press('Delete');
    }
    await hand.deploy();
    const left = await nodes(desk);
    assert.equal(
      left.some(({ type }) => type.startsWith('docker-') && type !== 'docker-engine'),
      false,
    );
    await showsStatus(desk, 'infra00hostship0', /^sending$/);
    told(t, desk, hand, '5 clicks, and a warning that stayed', 5);
  },
};

const THEMES = ['light', 'dark'] as const;
const [FIRST_TASK] = Object.keys(TASKS);

for (const { name, options, skip } of EDITORS) {
  test(`the tasks of an operator in ${name}`, skip, async (t) => {
    const first = await sitDown(t, name, options);
    for (const [theme, task, run] of THEMES.flatMap((one) =>
      Object.entries(TASKS).map((each) => [one, ...each] as const),
    )) {
      const desk = { ...first, name: `${name} ${theme}` };
      await t.test(`task ${task}, in ${desk.name}`, async (one) => {
        if (task === FIRST_TASK) await clear(desk, theme);
        try {
          await run(desk, new Hand(desk.editor), one);
          await desk.editor.screenshot(`task-${task.split(':')[0]}-done-${desk.name}`);
        } catch (error) {
          await desk.editor.screenshot(`failed-${task.split(':')[0]}-${desk.name}`);
          // The next task begins with the canvas.
          await desk.editor.load();
          throw error;
        }
        // Node-RED's own dialog of a TLS configuration has one.
        assert.deepEqual(
          desk.editor.faults().filter((fault) => !/oneditsave \S+ tls-config/.test(fault)),
          [],
        );
      });
    }
  });
}

for (const { name, options, skip } of EDITORS) {
  test(`task 11 and 13: a group, and the example, go into another Node-RED, in ${name}`, skip, async (t) => {
    const graylog = await receiveTcp(t);
    const env = { LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const own = [{ id: 'mine', type: 'tab', label: 'Mine' }];
    const install = () => {
      const userDir = temporaryFolder();
      copyPackage(userDir);
      return { ...options, userDir, ownPackage: false, flow: own, env };
    };
    const red = await startNodeRed(t, install());
    const editor = await openEditor(t, red.url);
    // One theme for each version is clicked through, and both are looked at.
    const theme = name === 'Node-RED 5' ? 'dark' : 'light';
    await editor.theme(theme);
    const { page } = editor;
    await t.test('task 13: the example is imported beside what is there', async (one) => {
      const hand = new Hand(editor);
      await hand.press('Control+i');
      await hand.click(page.locator('#red-ui-clipboard-dialog-import-tabs').getByText('Examples'));
      const list = page.locator('[id="red-ui-clipboard-dialog-import-tab-examples"]');
      await hand.click(list.getByText(packageJson().name));
      await hand.click(list.getByText('infrastructure-monitoring', { exact: true }));
      await hand.click(page.locator('#red-ui-clipboard-dialog-ok'));
      await page.locator('#red-ui-header-button-deploy:not(.disabled)').waitFor();
      await hand.deploy();
      const deployed = await nodes({ red });
      assert.ok(
        deployed.some(({ id }) => id === 'mine'),
        'the own flow is there',
      );
      await graylog.find(({ _log_type: type }) => type === 'uptime', 60_000);
      told(one, { name }, hand, '5 clicks, and the collector was missing', 5);
      await editor.screenshots(`task-13-${name}`);
    });
    await t.test('task 11: a group that is copied alone works where it is pasted', async (one) => {
      const other = await startNodeRed(one, install());
      const there = await openEditor(one, other.url);
      await there.theme(theme);
      const [source, hand] = [new Hand(editor), new Hand(there)];
      const hosts = (await nodes({ red })).find((node) => node.type === 'group' && /^Host/.test(String(node.name)));
      await editor.showTab(String(hosts?.z));
      await clickGroup({ editor }, source, hosts?.id ?? '');
      await source.press('Control+e');
      const exported = page.locator('#red-ui-clipboard-dialog-export-text');
      // The text stands behind the list of what is exported.
      await page.locator('#red-ui-clipboard-dialog-export').waitFor();
      const copied = await exported.inputValue();
      assert.match(copied, /graylog-server/, 'the config nodes travel with the group');
      await source.click(page.locator('#red-ui-clipboard-dialog-export'));
      hand.clicks = source.clicks;
      await hand.press('Control+i');
      await there.page.locator('#red-ui-clipboard-dialog-import-text').fill(copied);
      // It looks at what was pasted when a key comes up.
      await hand.press('Control+End');
      await hand.click(there.page.locator('#red-ui-clipboard-dialog-ok'));
      // What is imported hangs on the mouse until it is put down.
      await there.page.waitForFunction('RED.view.state() === RED.state.IMPORT_DRAGGING');
      await hand.click(there.page.locator('#red-ui-workspace-chart'));
      await there.page.waitForFunction('RED.view.state() === RED.state.DEFAULT');
      // Its first record may be there before the editor shows that all is deployed.
      const before = graylog.documents.length;
      await hand.deploy();
      await graylog.until((all) => all.slice(before).some(({ _log_type: type }) => type === 'uptime'), 60_000);
      await there.page.locator('.red-ui-flow-node-status-label').getByText('goes nowhere').first().waitFor();
      await there.screenshots(`task-11-${name}`);
      told(one, { name }, hand, '7 clicks, linked to nothing in silence', 7);
    });
  });
}
