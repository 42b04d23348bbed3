// What a record-filter does for each record, without Node-RED's own part, against writing the same record as a GELF document:
// `npm run bench -- filter [RECORDS]`.
import { createWriter } from '../dist/nodes/graylog-out/document/writer.js';
import { Filter } from '../dist/nodes/record-filter/filter.js';
import { compileRows } from '../dist/nodes/record-filter/io/compile-rows.js';
import { readSettings } from '../dist/nodes/record-filter/settings.js';

const ROUNDS = 9;
const row = (field, operator, value) => ({ field, operator, value, orAbsent: false });
const drop = (...rules) => ({ action: 'drop', rules: { mode: 'any', rules } });

const CASES = {
  'one row, a text': drop(row('container_name', 'is', 'noisy')),
  'three rows, one a pattern': drop(
    row('message', 'matches', String.raw`\b(DEBUG|TRACE)\b`),
    row('json_level', 'is', 'debug'),
    row('level', 'above', '6'),
  ),
  'at most 50 a second for each container': { atMost: '50', per: '1', perUnit: 's', each: 'container_name' },
};

function records() {
  const startMs = Date.UTC(2026, 0, 1);
  return Array.from({ length: 10_000 }, (_, n) => ({
    message: `203.0.113.${n % 256} - - "GET /page/${n} HTTP/1.1" 200 ${n % 9000} "-" "Mozilla/5.0 (X11)"`,
    log_type: 'docker_log',
    time: new Date(startMs + n).toISOString(),
    host: 'bench',
    level: 6,
    event_id: `docker/${n}`,
    container_name: `web-${n % 50}`,
    stream: 'stdout',
  }));
}

/** Processor time in µs a record, the middle one of several runs. */
function cost(all, count, act) {
  const figures = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < count; n += 1) act(all[n % all.length]);
    const { user, system } = process.cpuUsage(before);
    figures.push((user + system) / count);
  }
  return figures.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}

/** Prints the figures of `count` records a run, and gives them. */
export function benchFilter(count = 300_000) {
  const all = records();
  const write = createWriter({ host: 'bench', largestBytes: 1_000_000, staticFields: {} });
  const written = cost(all, count, (record) => write(record, Date.now));
  console.log(`writing a document takes ${written.toFixed(2)} µs`);
  const figures = { written };
  for (const [name, config] of Object.entries(CASES)) {
    const settings = readSettings(config);
    const filter = new Filter(settings, compileRows(settings.rules));
    figures[name] = cost(all, count, (record) => filter.judge(record, Date.now()));
    const share = figures[name] / written;
    console.log(`${name}: ${figures[name].toFixed(2)} µs a record, ${share.toFixed(2)} of writing it`);
  }
  return figures;
}
