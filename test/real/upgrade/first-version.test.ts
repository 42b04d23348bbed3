// Risk: an upgrade loses what waited or what was logged meanwhile, loses what was changed by hand, or rings.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type EarlierVersion, earlierVersion } from '../../support/earlier-version.ts';
import { startFakeEngine } from '../../support/fake-engine.ts';
import { type Document, receiveTcp } from '../../support/graylog.ts';
import { logLines, type RunningNodeRed, startByScript } from '../../support/node-red.ts';

interface FlowNode {
  id: string;
  [name: string]: unknown;
}

/** What is logged between the two versions. */
const MEANWHILE = [61, 62, 63].map(
  (n) =>
    `Nov 24 12:02:${n - 60} web1 sshd[${1000 + n}]: Failed password for root from 203.0.113.${n} port ${40000 + n} ssh2`,
);

const messageOf = (line: string): string => line.replace(/^.*?: /, '');

/** The new version on what the earlier one left, until all that is old and one record of each polling source has come. */
async function upgrade(t: TestContext, left: EarlierVersion): Promise<[RunningNodeRed, readonly Document[]]> {
  const engine = await startFakeEngine(t);
  const graylog = await receiveTcp(t);
  for (const line of MEANWHILE) left.log(line);
  const env = { ...left.env, LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, DOCKER_HOST: engine.host };
  const nodeRed = await startByScript(t, { userDir: left.userDir, env });
  const wanted = [...left.waiting, ...MEANWHILE.map(messageOf)];
  assert.equal(left.waiting.length, 25);
  const isNew = (document: Document): boolean => !left.waiting.includes(String(document._event_id));
  const documents = await graylog.until((all) => {
    const arrived = new Set(all.flatMap(({ _event_id: id, short_message: text }) => [id, text]));
    const polled = new Set(all.filter(isNew).map(({ _log_type: type }) => type));
    return wanted.every((one) => arrived.has(one)) && polled.has('http_check') && polled.has('uptime');
  }, 45_000);
  assert.deepEqual(graylog.faults, []);
  const rung = documents.filter((document) => document._log_type === 'alert' && isNew(document));
  assert.deepEqual(rung, [], 'nothing rings');
  const auth = documents.filter(({ _log_type: type }) => type === 'auth');
  assert.equal(new Set(auth.map(({ _event_id: id }) => id)).size, 20 + MEANWHILE.length, 'no line is read anew');
  assert.equal(logLines(nodeRed, /set aside|unreadable|cannot be used|were lost/).length, 0);
  return [nodeRed, documents.filter(isNew)];
}

test('the flow of 0.1.0 that nobody touched is renewed, and all that waited arrives', async (t) => {
  const left = await earlierVersion();
  const [nodeRed] = await upgrade(t, left);
  assert.match(nodeRed.log(), /Renewed the default flow .*\n {2}Version 2: /);
  assert.match(readFileSync(left.flowFile, 'utf8'), /MONITORING_FLOW/);
  for (const name of ['uptime-infra000000uptime', 'auth-log-in-infra0000authlog', 'graylog-server-infra000graylog'])
    assert.ok(existsSync(join(left.userDir, `infra-monitoring/${name}.json`)), name);
});

test('the flow of 0.1.0 that was changed by hand stays as it is, with its fields, and it is said what is newer', async (t) => {
  const left = await earlierVersion();
  const nodes = JSON.parse(readFileSync(left.flowFile, 'utf8')) as FlowNode[];
  const changes: { [id: string]: object } = {
    infra00graylogout: { fields: '{"site": "ams", "rack": 4}' },
    infra000000uptime: { interval: '5' },
  };
  const mine = JSON.stringify(nodes.map((node) => ({ ...node, ...changes[node.id] })));
  writeFileSync(left.flowFile, mine);
  const [nodeRed, documents] = await upgrade(t, left);
  assert.match(nodeRed.log(), /was changed by hand and stays as it is: version 1 .*\n {2}Version 2: /);
  assert.match(nodeRed.log(), /There is a newer default flow: “Infrastructure monitoring” is version 1/);
  assert.equal(readFileSync(left.flowFile, 'utf8'), mine);
  for (const { _site: site, _rack: rack, _log_type: type } of documents)
    if (type !== 'heartbeat') assert.deepEqual([site, rack], ['ams', 4]);
});

test('the flow of 0.1.0 with another name, without a group and with a subflow stays as it is, and works', async (t) => {
  const left = await earlierVersion();
  const nodes = JSON.parse(readFileSync(left.flowFile, 'utf8')) as FlowNode[];
  const kept = nodes.filter(({ id, g }) => id !== 'infra000loggroup' && g !== 'infra000loggroup');
  // What uptime measures passes through the subflow, and so does nothing else.
  const subflow = { id: 'marks', type: 'subflow', name: 'marks', in: [{ x: 40, y: 40, wires: [{ id: 'mark' }] }] };
  const rule = { t: 'set', p: 'payload.team', pt: 'msg', to: 'ops', tot: 'str' };
  const changes: { [id: string]: object } = {
    infra0000000tab: { label: 'web1' },
    infra000000uptime: { wires: [['passes']] },
    infra0shiplinkin: { links: without(kept, 'infra0shiplinkin', 'infra0000loglink') },
  };
  const mine = JSON.stringify([
    ...kept.map((node) => ({ ...node, ...changes[node.id] })),
    { ...subflow, out: [{ x: 300, y: 40, wires: [{ id: 'mark', port: 0 }] }] },
    { id: 'mark', type: 'change', z: 'marks', rules: [rule], x: 160, y: 40, wires: [[]] },
    { id: 'passes', type: 'subflow:marks', z: 'infra0000000tab', x: 300, y: 400, wires: [['infra0uptimebusy']] },
  ]);
  writeFileSync(left.flowFile, mine);
  const [nodeRed, documents] = await upgrade(t, left);
  assert.match(nodeRed.log(), /There is a newer default flow: “web1” is version 1/);
  assert.equal(readFileSync(left.flowFile, 'utf8'), mine);
  const teams = documents.map(({ _log_type: type, _team: team }) => `${type} ${team ?? ''}`);
  assert.ok(teams.includes('uptime ops'), teams.join());
  assert.equal(logLines(nodeRed, /goes nowhere|shipped twice/).length, 0);
});

test('the flow of 0.1.0 that was imported twice keeps both, says so, and reads nothing anew', async (t) => {
  const left = await earlierVersion();
  const nodes = JSON.parse(readFileSync(left.flowFile, 'utf8')) as FlowNode[];
  // As the editor imports a copy: config nodes stay, all else gets another id.
  const own = nodes.filter(({ z, type }) => z !== undefined || type === 'tab').map(({ id }) => id);
  const copied = own.reduce((text, id) => text.replaceAll(`"${id}"`, `"second-${id}"`), JSON.stringify(nodes));
  const copies = (JSON.parse(copied) as FlowNode[]).filter(({ id }) => id.startsWith('second-'));
  const mine = JSON.stringify([...nodes, ...copies]);
  writeFileSync(left.flowFile, mine);
  const [nodeRed] = await upgrade(t, left);
  assert.match(nodeRed.log(), /Everything is shipped twice: /);
  assert.equal(readFileSync(left.flowFile, 'utf8'), mine);
});

function without(nodes: readonly FlowNode[], id: string, link: string): unknown[] {
  const links = nodes.find((node) => node.id === id)?.links as unknown[];
  return links.filter((one) => one !== link);
}
