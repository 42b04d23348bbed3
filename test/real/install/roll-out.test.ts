// Risk: a flow that is rolled out breaks a host, overwrites what was changed there, or ships to nowhere.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { packageRoot, type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { program, real } from '../../support/real.ts';

/** A placeholder of Node-RED. */
const variable = (name: string): string => `\${${name}}`;

const SCRIPT = join(packageRoot, 'scripts/start/roll-out.js');
const missing = program('git') === undefined ? 'there is no git' : undefined;

/** A flow that sends a text each second, as a host that is rolled out to would. */
function flow(text: string, more: object[] = []): object[] {
  return [
    { id: 'tab', type: 'tab', label: 'Flow' },
    { id: 'server', type: 'graylog-server', endpoints: variable('LOGGING_URL'), host: variable('MONITORED_HOST') },
    {
      id: 'tick',
      z: 'tab',
      type: 'inject',
      props: [{ p: 'payload' }],
      payload: text,
      payloadType: 'str',
      repeat: '1',
      once: true,
      wires: [['out']],
    },
    { id: 'out', z: 'tab', type: 'graylog-out', server: 'server', port: '', wires: [] },
    ...more,
  ];
}

function git(folder: string, ...words: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const own = ['-c', 'user.name=ann', '-c', 'user.email=ann@monitor.example', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', folder, ...own, ...words], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

interface Host {
  readonly red: RunningNodeRed;
  readonly env: NodeJS.ProcessEnv;
  readonly clone: string;
}

/** What a host does: takes what is in Git, and deploys it. Resolves to the line that it says, and whether it was content. */
async function take({ red, env, clone }: Host, ...words: string[]): Promise<{ isTaken: boolean; said: string }> {
  git(clone, 'pull', '--ff-only');
  const args = [SCRIPT, '--url', red.url, '--userDir', red.userDir, ...words, join(clone, 'flows.json')];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ isTaken: error === null, said: `${stdout}${stderr}`.trim() });
    });
  });
}

test('a flow in Git is taken by two hosts, each with its own name, and what may break one is refused before', {
  ...real(`git: ${missing}`, missing === undefined),
  timeout: 180_000,
}, async (t) => {
  const receiver = await receiveTcp(t);
  const [work, bare] = [temporaryFolder(), temporaryFolder()];
  git(bare, 'init', '--bare');
  git(work, 'clone', bare, '.');
  const commit = (nodes: object[] | string): void => {
    writeFileSync(join(work, 'flows.json'), typeof nodes === 'string' ? nodes : JSON.stringify(nodes, undefined, 4));
    git(work, 'add', 'flows.json');
    git(work, 'commit', '-m', 'the flow');
    git(work, 'push', 'origin', 'HEAD:main');
  };
  commit(flow('first'));
  const start = async (name: string, url: string | undefined): Promise<Host> => {
    const env = { PATH: process.env.PATH, MONITORED_HOST: name, ...(url === undefined ? {} : { LOGGING_URL: url }) };
    const clone = temporaryFolder();
    mkdirSync(clone, { recursive: true });
    git(clone, 'clone', '-b', 'main', bare, '.');
    return { red: await startNodeRed(t, { flow: [], env: { LOGGING_URL: undefined, ...env } }), env, clone };
  };
  const url = `tcp://127.0.0.1:${receiver.port}`;
  const [a, b] = await Promise.all([start('host-a', url), start('host-b', url)]);
  const arrives = (host: string, text: string): Promise<unknown> =>
    receiver.find((document) => document.host === host && document.short_message === text, 30_000);
  const revision = async ({ red }: Host): Promise<string> =>
    (await red.api<{ rev: string }>('/flows', { headers: { 'node-red-api-version': 'v2' } })).rev;

  await t.test('a host that had another flow gives it up only when it is told to', async () => {
    assert.match((await take(a)).said, /^host-a: not rolled out: no flow was rolled out to this host before/);
    for (const host of [a, b]) {
      const { said, isTaken } = await take(host, '--take-over');
      assert.ok(isTaken, said);
      assert.match(said, /^host-[ab]: revision \w{8} runs, before it was \w{8}$/);
    }
    await Promise.all([arrives('host-a', 'first'), arrives('host-b', 'first')]);
  });

  await t.test('a change is taken by all, once, and each record keeps the name of its host', async () => {
    commit(flow('second'));
    for (const host of [a, b]) assert.equal((await take(host)).isTaken, true);
    await Promise.all([arrives('host-a', 'second'), arrives('host-b', 'second')]);
    assert.equal(await revision(a), await revision(b));
    assert.match((await take(a)).said, /^host-a: revision \w{8} is there already$/);
  });

  await t.test('what may break a host is refused, and the flow that runs stays', async () => {
    const before = await revision(a);
    const extra = (node: object): object[] => flow('bad', [{ id: 'x', z: 'tab', wires: [], ...node }]);
    const cases: [object[] | string, RegExp][] = [
      [extra({ type: 'kafka-in' }), /lacks the nodes kafka-in/],
      [extra({ type: 'inject', topic: variable('SITE_TOKEN') }), /are not set on this host: SITE_TOKEN$/],
      [extra({ type: 'notify', credentials: { url: 'http://192.0.2.1' } }), /has credentials in it/],
      ['<<<<<<< HEAD\n[]', /it is no JSON/],
    ];
    for (const [nodes, words] of cases) {
      commit(nodes);
      const { said, isTaken } = await take(a);
      assert.equal(isTaken, false);
      assert.match(said, words);
    }
    assert.equal(await revision(a), before);
    await arrives('host-a', 'second');
  });

  await t.test('a change by hand on a host is named, and not overwritten', async () => {
    commit(flow('third'));
    const byHand = flow('by hand').map((node) => ({ ...node, ...('payload' in node ? { name: 'my tick' } : {}) }));
    const body = JSON.stringify(byHand);
    await b.red.api('/flows', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { said, isTaken } = await take(b);
    assert.equal(isTaken, false);
    assert.match(said, /^host-b: not rolled out: the flow was changed by hand on this host: inject "my tick"; commit/);
    await arrives('host-b', 'by hand');
    assert.equal((await take(b, '--take-over')).isTaken, true);
    await arrives('host-b', 'third');
    const kept = JSON.parse(readFileSync(join(b.red.userDir, 'infra-monitoring/rolled-out/before.json'), 'utf8')) as {
      flows: { name?: string }[];
    };
    assert.ok(
      kept.flows.some(({ name }) => name === 'my tick'),
      'the way back is kept',
    );
  });

  await t.test('the way back is a revert in Git', async () => {
    assert.equal((await take(a)).isTaken, true);
    await arrives('host-a', 'third');
    const at = receiver.documents.length;
    commit(flow('second'));
    assert.equal((await take(a)).isTaken, true);
    await receiver.find(
      (document) =>
        receiver.documents.indexOf(document) >= at && document.host === 'host-a' && document.short_message === 'second',
      30_000,
    );
  });
});
