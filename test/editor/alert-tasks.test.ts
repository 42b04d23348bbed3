import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Editor, openEditor, type Theme } from '../support/editor.ts';
import { temporaryFolder } from '../support/folder.ts';
import { Hand } from '../support/hand.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';

/** What an operator does with alerts, on the canvas of a host that is monitored already: the clicks and keys are counted. */

interface Bench {
  readonly red: RunningNodeRed;
  readonly editor: Editor;
  readonly hand: Hand;
}

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** A version of Node-RED with an editor, in which one task follows another. */
interface Room {
  readonly name: string;
  readonly theme: Theme;
  readonly red: RunningNodeRed;
  readonly editor: Editor;
}

/** A source in a flow, with a node that stands for who is told. */
async function startBench({ red, editor, theme }: Room, source: object, more: object[] = []): Promise<Bench> {
  const flow = [
    { id: 'tab', type: 'tab', label: 'Flow' },
    { id: 'engine', type: 'docker-engine', host: 'unix:///nowhere/docker.sock' },
    { id: 'source', z: 'tab', x: 150, y: 100, wires: [[], []], ...source },
    {
      id: 'told',
      z: 'tab',
      type: 'debug',
      name: 'who is told',
      x: 700,
      y: 100,
      active: true,
      complete: 'payload',
      wires: [],
    },
    ...more,
  ];
  await red.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(flow),
  });
  await editor.load();
  await editor.theme(theme);
  return { red, editor, hand: new Hand(editor) };
}

/** Drags an alert from the palette and wires it; gives its id. */
async function dropAlert({ hand }: Bench): Promise<string> {
  const id = await hand.drop('alert', 420, 100);
  await hand.wire('source', id);
  await hand.wire(id, 'told');
  return id;
}

async function deployed({ red }: Bench, id: string): Promise<FlowNode> {
  const nodes = await red.api<FlowNode[]>('/flows');
  const node = nodes.find((one) => one.id === id);
  assert.ok(node, 'the alert is deployed');
  return node;
}

/** Waits until the status below a node in the workspace says this. */
function statusOf({ editor }: Bench, id: string, text: RegExp): Promise<void> {
  return editor.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`).getByText(text).waitFor();
}

/** What sshd and its PAM wrote while somebody tried eight passwords in one connection, as of now and from another address. */
function guessing(address: string): string[] {
  const path = new URL(
    '../fixtures/auth-log-in/connection-debian13-password-account-refused-8/input.log',
    import.meta.url,
  );
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const now = new Date().toISOString();
  return lines.map((line) => line.replace(/^\S+/, now).replaceAll('127.0.0.1', address));
}

/** The place after the line that tells of the nth refused password. */
function afterFailure(lines: readonly string[], nth: number): number {
  const at = lines.flatMap((line, index) => (/Failed password/.test(line) ? index + 1 : []))[nth - 1];
  assert.ok(at);
  return at;
}

type Task = (room: Room, t: TestContext) => Promise<void>;

const TASKS: { readonly [task: string]: Task } = {
  async 'an alert of five failed logins a minute from one address rings after ten clicks'(room, t) {
    const { name } = room;
    const log = join(temporaryFolder(), 'auth.log');
    writeFileSync(log, '');
    const bench = await startBench(room, { type: 'auth-log-in', name: 'logins', file: log });
    const { editor, hand } = bench;
    const id = await dropAlert(bench);
    const dialog = await hand.open(id);
    await hand.type('password guessing');
    await hand.choose(dialog.control('kind'), 'count');
    await editor.screenshot(`task-4-${name}`);
    await hand.done(dialog);
    await hand.deploy();
    t.diagnostic(`${name}: ${hand.counts} (before: 15 clicks, about 600 keys of code)`);
    assert.ok(hand.clicks <= 10, hand.counts);

    const { kind, counts, countField, threshold, windowSeconds, each } = await deployed(bench, id);
    assert.deepEqual(
      [kind, counts, countField, threshold, windowSeconds],
      ['count', 'sum', 'login_failures', '5', '60'],
    );
    assert.deepEqual(each, ['source_ip']);
    const lines = guessing('198.51.100.7');
    const [four, five] = [afterFailure(lines, 4), afterFailure(lines, 5)];
    appendFileSync(log, `${lines.slice(0, four).join('\n')}\n`);
    await statusOf(bench, id, /^4 of 5, 198\.51\.100\.7$/);
    appendFileSync(log, `${lines.slice(four, five).join('\n')}\n`);
    await statusOf(bench, id, /^198\.5.*7, since/);
    await editor.screenshot(`task-4-rings-${name}`);
    assert.deepEqual(editor.faults(), []);
  },

  async 'an alert of records that the package knows nothing of takes as few clicks'(room, t) {
    const { name } = room;
    const post = { id: 'post', z: 'tab', type: 'http in', method: 'post', url: '/job', x: 150, y: 300 };
    const more = [
      { ...post, wires: [['source', 'answer']] },
      { id: 'answer', z: 'tab', type: 'http response', x: 400, y: 300, wires: [] },
    ];
    const bench = await startBench(room, { type: 'change', name: 'jobs', rules: [] }, more);
    const { editor, hand } = bench;
    const id = await dropAlert(bench);
    const dialog = await hand.open(id);
    await hand.type('jobs fail');
    await hand.choose(dialog.control('kind'), 'count');
    await dialog.control('kind').focus();
    await hand.press('Tab');
    await hand.type('3');
    await hand.click(dialog.form.locator('#alert-each-input'));
    await hand.type('queue');
    await hand.press('Enter');
    await editor.screenshot(`task-4-own-${name}`);
    await hand.done(dialog);
    await hand.deploy();
    t.diagnostic(`${name}: 3 a minute of each queue: ${hand.counts}`);
    assert.ok(hand.clicks <= 10, hand.counts);
    const { counts, threshold, windowSeconds, each } = await deployed(bench, id);
    assert.deepEqual([counts, threshold, windowSeconds, each], ['records', '3', '60', ['queue']]);
    for (let n = 1; n <= 3; n += 1) {
      const body = JSON.stringify({ queue: 'mail', message: `job ${n} failed` });
      await bench.red.api('/job', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }
    await statusOf(bench, id, /^mail, since/);
    assert.deepEqual(editor.faults(), []);
  },

  async 'an alert of the disk / over 80 % takes as few clicks'(room, t) {
    const { name } = room;
    const bench = await startBench(room, { type: 'disk-stats', interval: '0' });
    const { editor, hand } = bench;
    const id = await dropAlert(bench);
    const dialog = await hand.open(id);
    await hand.type('/ nearly full');
    await hand.choose(dialog.control('kind'), 'limit');
    await hand.click(dialog.form.getByRole('button', { name: 'add a rule' }));
    await hand.type('disk_m');
    await hand.press('ArrowDown');
    await hand.press('Enter');
    await hand.press('Tab');
    await hand.press('Tab');
    await hand.type('/');
    await editor.screenshot(`task-3-${name}`);
    await hand.done(dialog);
    await hand.deploy();
    t.diagnostic(`${name}: ${hand.counts} (before: 8 clicks, 4 keys, in code, for all disks)`);
    assert.ok(hand.clicks <= 10, hand.counts);
    const { kind, field, startOperator, limit, end, only, each } = await deployed(bench, id);
    assert.deepEqual([kind, field, startOperator, limit, end], ['limit', 'disk_used_percent', 'at-least', '80', '78']);
    assert.deepEqual(each, ['disk_mount']);
    assert.deepEqual(only, {
      mode: 'all',
      rules: [{ field: 'disk_mount', operator: 'is', value: '/', orAbsent: false }],
    });
    await statusOf(bench, id, /./);
    assert.deepEqual(editor.faults(), []);
  },

  async 'an alert of an endpoint that is down for three checks rings'(room, t) {
    const { name } = room;
    const check = { type: 'http-check', checkName: 'shop', url: 'http://127.0.0.1:1/', interval: '1', retries: '2' };
    const bench = await startBench(room, check);
    const { editor, hand } = bench;
    const id = await dropAlert(bench);
    const dialog = await hand.open(id);
    await hand.type('endpoint down');
    await editor.screenshot(`task-5-http-${name}`);
    await hand.done(dialog);
    await hand.deploy();
    t.diagnostic(`${name}: ${hand.counts} (before: ready-made, 0 clicks)`);
    assert.ok(hand.clicks <= 7, hand.counts);
    await statusOf(bench, id, /^shop, since/);
    assert.deepEqual(editor.faults(), []);
  },

  async 'an alert of a container that died takes seven clicks'(room, t) {
    const { name } = room;
    const bench = await startBench(room, { type: 'docker-events-in', engine: 'engine' });
    const { editor, hand } = bench;
    const id = await dropAlert(bench);
    const dialog = await hand.open(id);
    await hand.type('container died');
    await editor.screenshot(`task-5-container-${name}`);
    await hand.done(dialog);
    await hand.deploy();
    t.diagnostic(`${name}: ${hand.counts} (before: 14 clicks, about 320 keys of code)`);
    assert.ok(hand.clicks <= 7, hand.counts);
    const { kind, field, bad, good, each } = await deployed(bench, id);
    assert.deepEqual(
      [kind, field, bad, good, each],
      ['state', 'event_action', 'die, oom', 'start', ['container_name']],
    );
    assert.equal(await editor.isValid(id), true);
    assert.deepEqual(editor.faults(), []);
  },

  async 'an alert is silenced for maintenance in one click, and every week in few'(room, t) {
    const { name } = room;
    const alert = { id: 'a', z: 'tab', type: 'alert', name: 'shop down', x: 420, y: 200, wires: [['told']] };
    const state = { kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'] };
    const bench = await startBench(room, { ...alert, ...state });
    const { editor, hand } = bench;
    const button = editor.page.locator('[id="a"] .red-ui-flow-node-button-button');
    await hand.click(button);
    await statusOf(bench, 'a', /^silent to/);
    t.diagnostic(`${name}: at once ${hand.counts} (before: impossible)`);
    assert.equal(hand.clicks, 1);
    await editor.screenshot(`task-15-silent-${name}`);
    await button.click();
    await statusOf(bench, 'a', /^(ok|no record yet)$/);

    const weekly = new Hand(editor);
    const dialog = await weekly.open('a');
    await weekly.click(dialog.form.locator('#alert-add-window'));
    await weekly.type('02:30');
    await weekly.press('Tab');
    await weekly.type('03:30');
    await weekly.click(dialog.form.locator('#alert-silences').getByText('Sat', { exact: true }));
    await dialog.form.getByText(/^next: Sat 02:30, in |^silent now/).waitFor();
    await editor.screenshot(`task-15-window-${name}`);
    await weekly.done(dialog);
    await weekly.deploy();
    t.diagnostic(`${name}: every Saturday ${weekly.counts}`);
    assert.ok(weekly.clicks <= 6, weekly.counts);
    const [window] = (await deployed(bench, 'a')).silences as { [name: string]: unknown }[];
    assert.deepEqual([window?.days, window?.from, window?.to], [['sat'], '02:30', '03:30']);
    assert.deepEqual(editor.faults(), []);
  },
};

for (const { name, options, skip } of EDITORS) {
  test(`what an operator does with alerts in ${name}`, skip, async (t) => {
    const red = await startNodeRed(t, { ...options, flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
    const editor = await openEditor(t, red.url);
    for (const theme of ['light', 'dark'] as const) {
      const room = { name: `${name} ${theme}`, theme, red, editor };
      for (const [task, run] of Object.entries(TASKS)) {
        await t.test(`${task}, in ${room.name}`, async (one) => {
          await run(room, one);
          await editor.screenshot(`${task.replaceAll(/\W+/g, '-').slice(0, 40)}-done-${room.name}`);
        });
      }
    }
  });
}
