// `npm run graylog -- record URL`: sends the raw lines of all fixtures to the inputs of a Graylog that the sources were
// installed in, and writes what it made of them. The tests compare this package's own parsers with it.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { digestOf, ruleSources } from './rule-sources.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const INPUTS = {
  auth: 'infra-monitoring: auth log (TCP)',
  docker_event: 'infra-monitoring: docker events (TCP)',
  docker_log: 'infra-monitoring: docker logs (TCP)',
  other: 'infra-monitoring: records (TCP)',
};
const WITHIN_MS = 300_000;
const PAGE = 2_000;
/** How long after the last document another one of the same moment may still be on its way into the index. */
const SETTLED_MS = 10_000;
/** Graylog's own fields, and those that a recording adds. */
const NOT_RECORDED = /^(?:gl2_(?!processing_error)|streams$|_id$|_index$|recording$|line$)/;

/**
 * Sends the raw lines of all fixtures. `graylog` asks its REST API, see `client.js`. Resolves to its version and to each line
 * with the fields that are stored of it.
 */
export async function readLines(graylog) {
  const { rawLines } = await import('../../test/support/graylog-raw-lines.ts');
  const { version } = await graylog.get('/system');
  const lines = rawLines();
  const recording = `r${Date.now()}`;
  const recorded = new Date().toISOString();
  await sendAll(await portsOf(graylog), new URL(graylog.address).hostname, lines, recording);
  const found = await findAll(graylog, recording, lines.length);
  const rows = lines.map(({ logType, text }, at) => ({ log_type: logType, line: text, fields: found.get(at) }));
  return { version, recorded, rows };
}

/** Records what the rules make of raw lines. Resolves to how many there are. */
async function recordRules(graylog) {
  const { version, recorded, rows } = await readLines(graylog);
  const head = { graylog: version, recorded, sources: digestOf(ruleSources(join(root, 'graylog'))) };
  write(version, 'rules.jsonl', [head, ...rows]);
  return rows.length;
}

/**
 * Records what becomes of documents at the edge of what Graylog stores: nothing is stored of what it refuses. Resolves to how
 * many were sent.
 */
async function recordDocuments(graylog) {
  const { DOCUMENTS } = await import('../../test/support/graylog-documents.ts');
  const { version } = await graylog.get('/system');
  const recording = `d${Date.now()}`;
  const port = (await portsOf(graylog)).get('other');
  const texts = DOCUMENTS.map((text, at) => text.replace(/}(\s*)$/, `,"_recording":"${recording}","_line":${at}}$1`));
  // The last one says that those before it were read.
  texts.push(
    JSON.stringify({ version: '1.1', host: 'h', short_message: 'end', _recording: recording, _line: texts.length }),
  );
  await sendTexts(port, new URL(graylog.address).hostname, texts);
  await until(async () => (await page(graylog, recording, 0)).some(({ line }) => line === DOCUMENTS.length));
  await pause(SETTLED_MS);
  const found = new Map((await page(graylog, recording, 0)).map((fields) => [fields.line, kept(fields)]));
  const rows = DOCUMENTS.map((text, at) => ({ document: text, stored: found.get(at) ?? null }));
  write(version, 'documents.jsonl', [{ graylog: version }, ...rows]);
  return DOCUMENTS.length;
}

/** What `npm run graylog -- record` calls. */
export async function record(graylog) {
  console.log(`${await recordRules(graylog)} lines recorded`);
  console.log(`${await recordDocuments(graylog)} documents recorded`);
}

function write(version, name, rows) {
  const folder = join(root, 'test/fixtures/graylog', version.replace(/[+-].*$/, ''));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** One document a connection: some of them make Graylog close it. */
async function sendTexts(port, host, texts) {
  for (const text of texts) {
    const socket = createConnection(port, host);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.end(`${text}\0`);
    socket.resume();
    await once(socket, 'close');
  }
}

async function until(holds) {
  const end = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${WITHIN_MS / 1000} s`);
    await pause(1_000);
  }
}

async function portsOf(graylog) {
  const { inputs } = await graylog.get('/system/inputs');
  const ports = new Map();
  for (const [name, title] of Object.entries(INPUTS)) {
    const input = inputs.find((one) => one.title === title);
    if (input === undefined) throw new Error(`Graylog has no input "${title}": install first`);
    ports.set(name, input.attributes.port);
  }
  return ports;
}

/** The number of the input: the message has to carry it, since Graylog keeps no order. */
async function sendAll(ports, host, lines, recording) {
  const sockets = new Map();
  for (const [at, { input, document }] of lines.entries()) {
    const port = ports.get(input);
    if (!sockets.has(port)) {
      const socket = createConnection(port, host);
      await once(socket, 'connect');
      sockets.set(port, socket);
    }
    const text = JSON.stringify({ ...document, _recording: recording, _line: at });
    if (!sockets.get(port).write(`${text}\0`)) await once(sockets.get(port), 'drain');
  }
  for (const socket of sockets.values()) {
    socket.end();
    socket.resume();
    await once(socket, 'close');
  }
}

async function findAll(graylog, recording, count) {
  const until = Date.now() + WITHIN_MS;
  for (;;) {
    const found = new Map();
    for (let offset = 0; offset === 0 || found.size === offset; offset += PAGE) {
      for (const fields of await page(graylog, recording, offset)) found.set(fields.line, kept(fields));
    }
    if (found.size >= count) return found;
    if (Date.now() > until) throw new Error(`${found.size} of ${count} lines came within ${WITHIN_MS / 1000} s`);
    await pause(1_000);
  }
}

async function page(graylog, recording, offset) {
  const type = { id: 'lines', type: 'messages', limit: PAGE, offset, sort: [{ field: 'line', order: 'ASC' }] };
  const timerange = { type: 'absolute', from: '1970-01-01T00:00:00.000Z', to: '2099-01-01T00:00:00.000Z' };
  const query = { id: 'q', timerange, query: { type: 'elasticsearch', query_string: `recording:${recording}` } };
  const answer = await graylog.post('/views/search/sync?timeout=60000', {
    id: '6b0000000000000000000001',
    queries: [{ ...query, search_types: [type] }],
    parameters: [],
  });
  // A busy one gives up a search.
  return (answer.results.q.search_types.lines?.messages ?? []).map(({ message }) => message);
}

function kept(fields) {
  const entries = Object.entries(fields).filter(([name]) => !NOT_RECORDED.test(name));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
