// What it costs to keep the records of the last hour while nobody looks at them, against writing and framing the same
// records without: `npm run bench -- ring [RECORDS]`.
import { EventEmitter } from 'node:events';
import { RingInput, ringOn } from '../dist/lib/ring.js';
import { createWriter } from '../dist/nodes/graylog-out/document/writer.js';
import { RecordKeeper } from '../dist/plugins/monitoring-page/io/record-keeper.js';

const ROUNDS = 15;
const FRAME_BYTES = 65_536;

const NAMES = Array.from({ length: 50 }, (_, n) => `web-${n}`);

/** Lines of fifty containers, one of which says half of all. */
function recordAt(index, startMs) {
  const container = index % 2 === 0 ? 'chatty' : NAMES[index % 50];
  return {
    message: `203.0.113.${index % 256} - - "GET /page/${index} HTTP/1.1" 200 ${index % 9000} "-" "Mozilla/5.0 (X11)"`,
    log_type: 'docker_log',
    time: new Date(startMs + index).toISOString(),
    host: 'bench',
    level: 6,
    event_id: `docker/${container}/${index}`,
    container_name: container,
    container_id: `4f1c09a2b7de${index % 50}`,
    image_name: 'nginx:1.27',
    stream: 'stdout',
  };
}

/** Processor time in µs a record. Documents are framed in batches, as `graylog-server` does it. */
function run(bus, count) {
  const write = createWriter({ host: 'bench', largestBytes: 1_000_000, staticFields: {} });
  const startMs = Date.UTC(2026, 0, 1);
  const ring = new RingInput(bus, 'o');
  const frame = Buffer.alloc(FRAME_BYTES * 2);
  let waiting = [];
  let size = 0;
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) {
    const record = recordAt(index, startMs);
    const { document, logType } = write(record, Date.now);
    waiting.push(document);
    size += document.length;
    ring.keep?.(document, logType, record.stream, record.container_name);
    if (size < FRAME_BYTES) continue;
    let at = 0;
    for (const text of waiting) at += frame.write(text, at);
    waiting = [];
    size = 0;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** The same for keeping alone, of documents that were framed before, as most have been. */
function runAlone(bus, count) {
  const write = createWriter({ host: 'bench', largestBytes: 1_000_000, staticFields: {} });
  const documents = Array.from({ length: 1_000 }, (_, n) => write(recordAt(n, 0), Date.now).document);
  for (const document of documents) Buffer.from(document);
  const { keep } = new RingInput(bus, 'o');
  const before = process.cpuUsage();
  for (let n = 0; n < count; n += 1) keep(documents[n % 1_000], 'docker_log', 'stdout', NAMES[n % 50]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const middle = (figures) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)];

/** Prints the figures of `count` records a run, and gives them. */
export function benchRing(count = 200_000) {
  const runs = { without: [], with: [], alone: [] };
  const bus = new EventEmitter();
  for (let round = 0; round < ROUNDS; round += 1) {
    runs.without.push(run(bus, count));
    const keeper = new RecordKeeper(bus);
    runs.with.push(run(bus, count));
    if (round === ROUNDS - 1) tellKept(bus);
    runs.alone.push(runAlone(bus, count));
    keeper.close();
  }
  const [without, kept, alone] = [runs.without, runs.with, runs.alone].map(middle);
  console.log(
    `without the ring ${without.toFixed(2)} µs a record, with it ${kept.toFixed(2)}: ${(kept - without).toFixed(2)} more,`,
  );
  console.log(`${(kept / without).toFixed(2)} times the time of writing and framing alone`);
  console.log(`keeping alone takes ${alone.toFixed(2)} µs a record`);
  return { without, kept, alone };
}

function tellKept(bus) {
  const ring = ringOn(bus);
  const beginMs = performance.now();
  let read = 0;
  for (const _ of ring.records()) read += 1;
  const ms = performance.now() - beginMs;
  console.log(
    `${ring.size} records kept in ${(ring.bytes / 1e6).toFixed(1)} MB; all are read in ${ms.toFixed(0)} ms (${read})`,
  );
}
