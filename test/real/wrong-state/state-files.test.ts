// Risk: what is kept over a restart is not what this version wrote.

import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { logLines, startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

const line = (user: string): string =>
  `2026-11-23T18:04:20Z web1 sshd[1]: Invalid user ${user} from 192.0.2.7 port 1\n`;

const head = { length: 1e10, crc: 1 };
const filePosition = { device: '1', inode: '2', head: { length: 0, crc: 0 }, position: 0, modifiedMs: 0 };
const future = '4102444800000000000';
const events = (position: object, containers: unknown = {}): object => ({
  position: { nanos: '1', first: '1', ids: [], ...position },
  containers,
});

/** What once ended Node-RED, or stopped a node for ever: by type, as the id that the node has in this test. */
const AUTH_FILE: { readonly [id: string]: (path: string) => unknown } = {
  newer: (path) => ({ file: { path, positions: [] } }),
  longHead: (path) => ({ file: { path, files: [{ ...filePosition, head }], done: [] } }),
  nullFile: (path) => ({ file: { path, files: [null], done: [] } }),
  texts: (path) => ({ file: { path, files: [{ ...filePosition, position: '0' }], done: [] } }),
  noHead: (path) => ({ file: { path, files: [{ ...filePosition, head: undefined }], done: [] } }),
  negative: (path) => ({ file: { path, files: [{ ...filePosition, position: -1 }], done: [] } }),
  version: (path) => ({ version: 7, file: { path, files: [], done: [] } }),
};
const JOURNAL = { nullJournal: { journal: null }, nul: { journal: { cursor: 'a\0b' } } };
const EVENTS = {
  cutPosition: { position: { nanos: '1' } },
  number: events({ nanos: 1 }),
  text: events({ nanos: 'x' }),
  nullContainers: events({}, null),
  nullContainer: events({}, { a: null }),
  futureEvents: events({ nanos: future, first: future }),
};
const LOGS = {
  firstNumber: { first: 1, positions: {} },
  firstText: { first: 'x', positions: {} },
  futureFirst: { first: future, positions: {} },
};

test('no state file keeps Node-RED from running or a log from being read, and each is told once', async (t) => {
  const userDir = temporaryFolder();
  const state = join(userDir, 'infra-monitoring');
  mkdirSync(state);
  const save = (name: string, value: unknown): void =>
    writeFileSync(join(state, `${name}.json`), JSON.stringify(value));
  const receiver = await receiveTcp(t);
  const tab = { id: 'f', type: 'tab' };
  const server = { id: 'server', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}` };
  const out = { id: 'out', z: 'f', type: 'graylog-out', server: 'server', wires: [] };
  const engine = { id: 'engine', type: 'docker-engine', host: 'unix:///nowhere.sock' };
  const flow: object[] = [tab, server, out, engine];
  const add = (id: string, type: string, more: object): void =>
    void flow.push({ id, z: 'f', type, engine: 'engine', wires: [['out']], ...more });

  for (const [id, contentFor] of Object.entries(AUTH_FILE)) {
    const file = join(userDir, `${id}.log`);
    writeFileSync(file, line(id));
    save(`auth-log-in-${id}`, contentFor(file));
    add(id, 'auth-log-in', { file });
  }
  for (const [id, content] of Object.entries(JOURNAL)) {
    save(`auth-log-in-${id}`, content);
    add(id, 'auth-log-in', { file: 'journal' });
  }
  for (const [id, content] of Object.entries(EVENTS)) {
    save(`docker-events-${id}`, content);
    add(id, 'docker-events-in', {});
  }
  for (const [id, content] of Object.entries(LOGS)) {
    save(`docker-logs-${id}`, content);
    add(id, 'docker-logs-in', {});
  }
  save('graylog-server-server', { recent: 5 });
  save('http-check-check', { url: 7 });
  add('check', 'http-check', { url: `http://127.0.0.1:${receiver.port}`, interval: '0', wires: [[], []] });
  save('uptime-up', { seenMs: 4e12 });
  add('up', 'uptime', { interval: '0' });

  const nodeRed = await startNodeRed(t, { userDir, flow });
  const users = (): Set<unknown> => new Set(receiver.documents.map(({ _user_name }) => _user_name));
  await until(
    () => Object.keys(AUTH_FILE).every((id) => users().has(id)),
    20_000,
    () => `${[...users()]}\n${nodeRed.log()}`,
  );
  const count = Object.keys({ ...AUTH_FILE, ...JOURNAL, ...EVENTS, ...LOGS }).length + 3;
  const told = (): string[] => logLines(nodeRed, /kept over the restart cannot be used/);
  await until(
    () => told().length >= count,
    10_000,
    () => nodeRed.log(),
  );
  assert.equal(told().length, count);
  assert.equal(readdirSync(state).filter((name) => name.includes('.unreadable-')).length, count);
  assert.equal(await nodeRed.stop(), 0);
});

/** What happens to the checkpoint while Node-RED is stopped. `copy`: the older copy of it as well. */
const CASES: { readonly [id: string]: (path: string, copy: string) => void } = {
  untouched: () => undefined,
  empty: (path) => truncateSync(path),
  cut: (path) => truncateSync(path, 40),
  deleted: (path) => rmSync(path),
  emptyWithoutCopy: (path, copy) => {
    truncateSync(path);
    rmSync(copy);
  },
  bothCut: (path, copy) => {
    truncateSync(path, 40);
    truncateSync(copy, 40);
  },
};

test('what was logged while Node-RED was stopped is delivered, whatever became of the checkpoint meanwhile', async (t) => {
  const userDir = temporaryFolder();
  const receiver = await receiveTcp(t);
  const ids = Object.keys(CASES);
  const fileOf = (id: string): string => join(userDir, `${id}.log`);
  const statePath = (id: string): string => join(userDir, 'infra-monitoring', `auth-log-in-${id}.json`);
  const copyPath = (id: string): string => join(userDir, 'infra-monitoring/previous', `auth-log-in-${id}.json`);
  const flow = [
    { id: 'f', type: 'tab' },
    { id: 'server', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}` },
    { id: 'out', z: 'f', type: 'graylog-out', server: 'server', wires: [] },
    ...ids.map((id) => ({ id, z: 'f', type: 'auth-log-in', file: fileOf(id), wires: [['out']] })),
  ];
  const users = (id: string): Set<string> =>
    new Set(receiver.documents.map(({ _user_name }) => String(_user_name)).filter((name) => name.startsWith(`${id}-`)));

  for (const id of ids) writeFileSync(fileOf(id), line('earlier'));
  const before = await startNodeRed(t, { userDir, flow });
  await until(() => ids.every((id) => existsSync(copyPath(id))));
  for (const id of ids) appendFileSync(fileOf(id), line(`${id}-first`));
  await until(() => ids.every((id) => users(id).size === 1));
  await before.stop();
  for (const id of ids) {
    for (let n = 0; n < 7; n += 1) appendFileSync(fileOf(id), line(`${id}-${n}`));
    CASES[id]?.(statePath(id), copyPath(id));
  }
  const after = await startNodeRed(t, { userDir, flow });
  await until(
    () => ids.every((id) => users(id).size === 8),
    20_000,
    () => ids.map((id) => `${id}: ${[...users(id)]}`).join('\n') + after.log(),
  );
  assert.equal(logLines(after, /kept over the restart/).length, ids.length - 1);
});
