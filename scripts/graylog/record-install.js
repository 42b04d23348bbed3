// Records what the installer and a Graylog say to each other, case by case, for tests without a Graylog.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Graylog } from './client.js';
import { untilRunning } from './kinds/inputs.js';
import { runWith } from './main.js';
import { PACK_ID, packOf } from './pack.js';
import { startProxy } from './proxy.js';
import { CASES, smallSources } from './recorded-cases.js';
import { hashOf } from './sources.js';

const READER = { user: 'infra-monitoring-reader', password: 'only-for-a-recording' };
/** Answers of which only the ids matter are kept without the rest. */
const LONG = 2000;
const PACK_MS = 600_000;
const PAUSE_MS = 1000;

/**
 * Runs every case against the Graylog at `address` and writes them to `folder`. The Graylog must be a disposable one: all of
 * ours in it is taken away.
 */
export async function recordInstall(address, { env, sources, fractionKeys, folder, report }) {
  const graylog = new Graylog(address, env);
  await graylog.enter();
  const proxy = await startProxy(graylog.address);
  const site = { graylog, env, sources: smallSources(sources), fractionKeys, proxy };
  const answers = new Map();
  try {
    for (const one of CASES) {
      const restore = await prepare(site, one);
      const said = await play(site, one).finally(restore);
      save(folder, one, said, answers, hashOf(site.sources));
      report.say(`recorded ${one.name}: ${said.exchanges.length} requests, exit code ${said.code}`);
    }
  } finally {
    await proxy.close();
  }
}

/** Runs the words of a case through the proxy. */
async function play({ env, sources, fractionKeys, proxy }, { words, env: own = () => ({}), change = (it) => it }) {
  let output = '';
  const stream = {
    write: (text) => {
      output += text;
    },
  };
  proxy.take();
  const code = await runWith([...words(proxy.address)], {
    ...{ env: { ...env, ...own(READER) }, sources: change(sources), fractionKeys },
    ...{ output: stream, errors: stream },
  });
  return { code, output: output.replaceAll(proxy.address, 'ADDRESS'), exchanges: proxy.take() };
}

/** Brings about what a case needs. Resolves to what takes it away again. */
async function prepare({ graylog, sources }, { needs }) {
  if (needs === 'reader') return await makeReader(graylog);
  if (needs === 'a foreign input') return await makeInput(graylog);
  if (needs === 'a foreign listener') return await listen(9090);
  if (needs === 'the pack') return await installPack(graylog, sources);
  return async () => undefined;
}

async function makeReader(graylog) {
  await graylog.post('/users', {
    ...{
      username: READER.user,
      password: READER.password,
      email: 'reader@example.org',
      first_name: 'A',
      last_name: 'Reader',
    },
    ...{ permissions: [], roles: ['Reader'], timezone: 'UTC', session_timeout_ms: 3_600_000 },
  });
  const { id } = await graylog.get(`/users/${READER.user}`);
  return () => graylog.delete(`/users/id/${id}`);
}

async function makeInput(graylog) {
  const { id } = await graylog.post('/system/inputs', {
    ...{ title: 'somebody else', type: 'org.graylog2.inputs.gelf.tcp.GELFTCPInput', global: true, node: null },
    configuration: {
      bind_address: '127.0.0.1',
      port: 9090,
      recv_buffer_size: 65_536,
      use_null_delimiter: true,
      max_message_size: 65_536,
    },
  });
  // One that is deleted while it starts keeps its port.
  await untilRunning(graylog, id, 'somebody else');
  return () => graylog.delete(`/system/inputs/${id}`);
}

async function listen(port) {
  const server = createServer();
  await new Promise((resolve) => server.listen(port, '0.0.0.0', resolve));
  return () => new Promise((resolve) => server.close(resolve));
}

/** Uploads and installs the content pack as a person would. Resolves to what takes it away. */
export async function installPack(graylog, sources) {
  const pack = packOf(sources, 1);
  await graylog.post('/system/content_packs', pack);
  const parameters = Object.fromEntries(
    pack.parameters.map(({ name, type, default_value }) => [name, { '@type': type, '@value': default_value }]),
  );
  try {
    await graylog.post(`/system/content_packs/${PACK_ID}/1/installations`, { parameters, comment: '' });
  } catch (error) {
    // A busy Graylog takes longer for hundreds of rules than it is waited for.
    if (error.status !== undefined) {
      await graylog.delete(`/system/content_packs/${PACK_ID}`);
      throw error;
    }
  }
  const installations = await untilInstalled(graylog);
  return async () => {
    await graylog.delete(`/system/content_packs/${PACK_ID}/installations/${installations[0]._id}`);
    await graylog.delete(`/system/content_packs/${PACK_ID}`);
  };
}

async function untilInstalled(graylog) {
  for (const endMs = Date.now() + PACK_MS; ; ) {
    const { installations } = await graylog.get(`/system/content_packs/${PACK_ID}/installations`);
    if (installations.length > 0) return installations;
    if (Date.now() > endMs) throw new Error('The content pack is not installed in time');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function save(folder, { name }, { code, output, exchanges }, answers, sources) {
  const short = exchanges.map(({ method, path, request, status, answer }) => ({
    ...{ method, path, status },
    request: request === '' ? undefined : digest(request),
    answer: keep(answers, method === 'GET' ? answer : idsOnly(answer)),
  }));
  mkdirSync(folder, { recursive: true });
  const lines = short.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
  const head = JSON.stringify({ sources, code, output }, null, 2).slice(0, -2);
  writeFileSync(join(folder, `${name}.json`), `${head},\n  "exchanges": [\n${lines}\n  ]\n}\n`);
  const kept = Object.fromEntries([...answers].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(folder, 'answers.json'), `${JSON.stringify(kept, null, 0)}\n`);
}

/** A short name of a text: two that differ have two. */
function digest(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Notes an answer once. Gives its name. */
function keep(answers, text) {
  if (text === '') return undefined;
  const name = digest(text);
  answers.set(name, text);
  return name;
}

function idsOnly(text) {
  if (text.length < LONG) return text;
  const { id, stream_id } = JSON.parse(text);
  return JSON.stringify({ id, stream_id });
}
