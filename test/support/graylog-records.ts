import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { GraylogClient } from './graylog-real.ts';
import { packageRoot } from './node-red.ts';

type Document = { [field: string]: string | number };

/** Records that the default flow has sent, a GELF document a line: some of each kind, and four that came of them by hand. */
const FILE = join(packageRoot, 'test/fixtures/graylog/records.ndjson');
const INPUT = 'infra-monitoring: records (TCP)';

/** As it stands on the wire: a number with a fraction keeps it, also where it is a whole one. */
function textOf(document: Document, raw: string, seconds: number): string {
  const timestamp = (Number(document.timestamp) + seconds).toFixed(3);
  return raw.replace(/"timestamp":[\d.]+/, `"timestamp":${timestamp}`);
}

/** Sends the records over TCP, moved in time so that the newest is of now. Resolves when Graylog has read them all. */
export async function sendRecords(graylog: GraylogClient): Promise<void> {
  const { inputs } = await graylog.get<{ inputs: { title: string; attributes: { port: number } }[] }>('/system/inputs');
  const port = inputs.find(({ title }) => title === INPUT)?.attributes.port as number;
  const lines = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const documents = lines.map((line) => JSON.parse(line) as Document);
  const newest = Math.max(...documents.map(({ timestamp }) => Number(timestamp)));
  const seconds = Date.now() / 1000 - newest;
  const socket = createConnection(port, new URL(graylog.address).hostname);
  await once(socket, 'connect');
  for (const [index, document] of documents.entries())
    socket.write(`${textOf(document, lines[index] as string, seconds)}\0`);
  socket.end();
  socket.resume();
  await once(socket, 'close');
}
