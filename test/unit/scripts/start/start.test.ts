import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../support/folder.ts';
import { packageRoot } from '../../../support/node-red.ts';
import { scriptModule } from '../../../support/script.ts';

interface Start {
  readArguments(words: string[], userDir: string): { userDir: string; flowFile?: string; uiHost?: string };
  destination(root: string, userDir: string, environment: Record<string, string>): Promise<string>;
  deployFlows(root: string, userDir: string, flowFile: string): Promise<string[]>;
  checkPassword(password: string): string;
  passwordUser(bcrypt: object, password: string): { username: string; password: string; permissions: string };
  secretOf(environment: Record<string, string>, name: string): string | undefined;
}

const parts = ['arguments', 'destination', 'flows', 'password'].map((part) => scriptModule<Start>(`start/${part}.js`));
const start = Object.assign({}, ...(await Promise.all(parts))) as Start;
const { readArguments, destination, deployFlows, checkPassword, passwordUser, secretOf } = start;

/** A user directory in which an earlier version deployed `text`, untouched since. */
function deployedBefore(text: string): { userDir: string; flowFile: string } {
  const userDir = temporaryFolder();
  const flowFile = join(userDir, 'flows.json');
  mkdirSync(join(userDir, 'infra-monitoring'));
  writeFileSync(flowFile, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(userDir, 'infra-monitoring/deployed.json'), JSON.stringify({ sha256 }));
  return { userDir, flowFile };
}

const OLD_PAIR = JSON.stringify([{ id: 'infra0000000tab' }, { id: 'collector000http', type: 'http in', url: '/gelf' }]);

test('the default flow is deployed once, for its owner only', async () => {
  const userDir = temporaryFolder();
  const flowFile = join(userDir, 'flows.json');
  assert.match((await deployFlows(packageRoot, userDir, flowFile)).join(), /^Deployed/);
  assert.deepEqual(await deployFlows(packageRoot, userDir, flowFile), []);
  assert.equal(statSync(flowFile).mode & 0o777, 0o600);
  assert.equal(statSync(join(userDir, 'infra-monitoring')).mode & 0o777, 0o700);
});

test('the flow of an earlier version, with its collector, is renewed where nobody has touched it', async () => {
  const { userDir, flowFile } = deployedBefore(OLD_PAIR);
  const said = await deployFlows(packageRoot, userDir, flowFile);
  assert.match(said.join('\n'), /^Renewed .*\n {2}Version 2: /);
  assert.doesNotMatch(readFileSync(flowFile, 'utf8'), /collector000http|"\/gelf"/);
  assert.deepEqual(await deployFlows(packageRoot, userDir, flowFile), []);
});

test('a flow that was changed stays, its version and what is newer are said, and its collector is named', async () => {
  const { userDir, flowFile } = deployedBefore(OLD_PAIR);
  const mine = OLD_PAIR.replace('/gelf', '/mine').replace('}', ',"type":"tab"}');
  writeFileSync(flowFile, mine);
  const said = (await deployFlows(packageRoot, userDir, flowFile)).join('\n');
  assert.match(
    said,
    /was changed by hand and stays as it is: version 1 .* Version 2 is in the editor.*\n {2}Version 2: /,
  );
  assert.match(said, /stays as it is\. Delete its tab "Collector"/);
  assert.equal(readFileSync(flowFile, 'utf8'), mine);
  for (const foreign of ['[]', 'no flow', '{}', '[null]', '[{"id":"t","type":"tab","label":"mine"}]']) {
    writeFileSync(flowFile, foreign);
    assert.deepEqual(await deployFlows(packageRoot, userDir, flowFile), [], foreign);
    assert.equal(readFileSync(flowFile, 'utf8'), foreign);
  }
});

interface FlowNode {
  id: string;
  type: string;
  z?: string;
  [name: string]: unknown;
}

const OWN = [
  { id: 'mine', type: 'tab', label: 'My own' },
  { id: 'debug', type: 'debug', z: 'mine', wires: [] },
];

/** A user directory with a flow of an older version that was deployed there, and a function that saves it as an editor does. */
async function withOlderFlow(change: (nodes: FlowNode[]) => FlowNode[], hook = 'infra00alerthook') {
  const root = temporaryFolder();
  const userDir = temporaryFolder();
  const flowFile = join(userDir, 'flows.json');
  symlinkSync(join(packageRoot, 'dist'), join(root, 'dist'));
  mkdirSync(join(root, 'flows'));
  const older = [
    { id: 'infra0000000tab', type: 'tab', label: 'Infrastructure monitoring', env: [] },
    { id: hook, type: 'notify', z: 'infra0000000tab', name: 'tell people', wires: [] },
    { id: 'gonelinkin', type: 'link in', z: 'infra0000000tab', name: 'old entry', links: [], wires: [[]] },
    { id: 'group', type: 'group', z: 'infra0000000tab', w: 1, h: 1, nodes: [] },
  ];
  writeFileSync(join(root, 'flows/infrastructure-monitoring.json'), JSON.stringify(older));
  await deployFlows(root, userDir, flowFile);
  // The editor orders nodes and properties anew and measures groups.
  const saved = change(JSON.parse(readFileSync(flowFile, 'utf8')) as FlowNode[]);
  const shuffled = saved.map((node) => Object.fromEntries(Object.entries(node).reverse()));
  const text = JSON.stringify(
    shuffled.map((node) => (node.type === 'group' ? { ...node, x: 9, w: 99 } : node)).reverse(),
  );
  writeFileSync(flowFile, text);
  const nodes = () => JSON.parse(readFileSync(flowFile, 'utf8')) as FlowNode[];
  return { userDir, flowFile, text, nodes, start: () => deployFlows(packageRoot, userDir, flowFile) };
}

test('a flow that nobody touched is renewed although an editor has saved it, and what stands beside it stays', async () => {
  const { start, nodes } = await withOlderFlow((flow) => [...flow, ...OWN]);
  assert.match((await start()).join('\n'), /^Renewed/);
  const ids = new Set(nodes().map(({ id }) => id));
  for (const id of ['mine', 'debug', 'infra000graylog']) assert.ok(ids.has(id), id);
  assert.equal(ids.has('gonelinkin'), false);
  assert.deepEqual(await start(), []);
});

for (const [what, change] of Object.entries<(flow: FlowNode[]) => FlowNode[]>({
  'a changed property': (flow) => flow.map((node) => (node.type === 'notify' ? { ...node, name: 'mine' } : node)),
  'a node more': (flow) => [...flow, { id: 'more', type: 'debug', z: 'infra0000000tab', wires: [] }],
  'a node less': (flow) => flow.filter(({ type }) => type !== 'notify'),
  'a moved node': (flow) => flow.map((node) => (node.type === 'notify' ? { ...node, x: 5 } : node)),
})) {
  test(`a default flow with ${what} is never renewed, and it is said that there is a newer one`, async () => {
    const { start, flowFile, text } = await withOlderFlow(change);
    assert.match((await start()).join('\n'), /changed by hand and stays as it is: version 1/);
    assert.equal(readFileSync(flowFile, 'utf8'), text);
  });
}

test('a flow that nobody touched stays where a node beside it leads to what the new one lacks', async () => {
  const link = { id: 'link', type: 'link out', z: 'mine', links: ['gonelinkin'], wires: [] };
  const { start, flowFile, text } = await withOlderFlow((flow) => [...flow, ...OWN, link]);
  assert.match((await start()).join('\n'), /stays as it is: a node of yours leads to "old entry"/);
  assert.equal(readFileSync(flowFile, 'utf8'), text);
});

test('a flow that nobody touched stays where the new one lacks a node with a secret', async () => {
  for (const [hook, said] of [
    ['oldhook', /stays as it is: "tell people" may hold a secret of yours/],
    ['infra00alerthook', /^Renewed/],
  ] as const) {
    const { start, userDir } = await withOlderFlow((flow) => flow, hook);
    writeFileSync(join(userDir, 'flows_cred.json'), '{"$":"0123"}');
    assert.match((await start()).join('\n'), said);
  }
  const { start } = await withOlderFlow((flow) => flow, 'oldhook');
  assert.match((await start()).join('\n'), /^Renewed/, 'there are no secrets');
});

test('the words for Node-RED say where it listens', () => {
  const host = (...words: string[]) => readArguments(words, '/ud').uiHost;
  assert.equal(host(), undefined);
  assert.equal(host('-D', 'uiHost=0.0.0.0'), '0.0.0.0');
  assert.equal(host('--define', 'a=1', '--define=uiHost=::', '--port', '1'), '::');
  assert.equal(host('-D', 'uiHost=::', '-D', 'uiPort=1'), '::');
  const { userDir, flowFile } = readArguments(['-u', '/other', 'flow.json'], '/ud');
  assert.deepEqual([userDir, flowFile], ['/other', join(process.cwd(), 'flow.json')]);
});

test('what is said of the destination holds no password', async () => {
  const say = (environment: Record<string, string>) => destination(packageRoot, '/ud', environment);
  assert.match(await say({}), /kept in .*ud.infra-monitoring\/collected\.ndjson$/);
  assert.equal(await say({ LOGGING_URL: 'a, udp://b:1' }), 'Records go to tcp://a:12201, udp://b:1');
  for (const url of [
    'https://user:s3cret@graylog',
    'https://user:s3cret@graylog:99999',
    'tcp://user:s3cret@graylog',
    'https://user:a,s3cret@graylog',
  ]) {
    assert.doesNotMatch(await say({ LOGGING_URL: url }), /s3cret/);
  }
  assert.match(await say({ LOGGING_URL_FILE: '/run/secrets/url' }), /LOGGING_URL_FILE/);
});

test('a secret comes from its variable, else from the file that is named', () => {
  const file = join(temporaryFolder(), 'password');
  writeFileSync(file, 's3cret\n');
  assert.equal(secretOf({ P: ' direct ' }, 'P'), 'direct');
  assert.throws(() => secretOf({ P: 'direct', P_FILE: file }, 'P'), /P and P_FILE are both set/);
  assert.equal(secretOf({ P: '', P_FILE: file }, 'P'), 's3cret');
  assert.equal(secretOf({}, 'P'), undefined);
  assert.throws(() => secretOf({ P_FILE: `${file}x` }, 'P'), /P_FILE names a file that cannot be read/);
  writeFileSync(file, ' \n');
  assert.throws(() => secretOf({ P_FILE: file }, 'P'), /P_FILE names a file that is empty/);
});

test('the password is kept as bcrypt, which takes all of it', () => {
  const bcrypt = createRequire(join(packageRoot, 'node_modules/node-red/red.js'))('bcryptjs') as {
    hashSync(text: string, rounds: number): string;
    compareSync(text: string, hash: string): boolean;
  };
  const { username, password, permissions } = passwordUser(bcrypt, 's3cret');
  assert.deepEqual([username, permissions], ['admin', '*']);
  assert.equal(bcrypt.compareSync('s3cret', password), true);
  assert.throws(() => checkPassword('ü'.repeat(37)), /more than 72 bytes/);
});
