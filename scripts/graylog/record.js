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
/** Graylog's own fields, and those that a recording adds. */
const NOT_RECORDED = /^(?:gl2_(?!processing_error)|streams$|_id$|_index$|recording$|line$)/;

/** Records the rules. `graylog` asks its REST API, see `client.js`. Resolves to how many lines were recorded. */
export async function recordRules(graylog) {
  const { rawLines } = await import('../../test/support/graylog-raw-lines.ts');
  const { version } = await graylog.get('/system');
  const lines = rawLines();
  const recording = `r${Date.now()}`;
  const recorded = new Date().toISOString();
  await sendAll(await portsOf(graylog), new URL(graylog.address).hostname, lines, recording);
  const found = await findAll(graylog, recording, lines.length);
  const folder = join(root, 'test/fixtures/graylog', version.replace(/[+-].*$/, ''));
  mkdirSync(folder, { recursive: true });
  const head = { graylog: version, recorded, sources: digestOf(ruleSources(join(root, 'graylog'))) };
  const rows = lines.map(({ logType, text }, at) => ({ log_type: logType, line: text, fields: found.get(at) }));
  writeFileSync(join(folder, 'rules.jsonl'), [head, ...rows].map((row) => `${JSON.stringify(row)}\n`).join(''));
  return lines.length;
}

/** What `npm run graylog -- record` calls. */
export async function record(graylog) {
  console.log(`${await recordRules(graylog)} lines recorded`);
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
  return answer.results.q.search_types.lines.messages.map(({ message }) => message);
}

function kept(fields) {
  const entries = Object.entries(fields).filter(([name]) => !NOT_RECORDED.test(name));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
