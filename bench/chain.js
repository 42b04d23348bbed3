// From a file through auth-log-in and graylog-out to a TCP receiver, wired as the default flow is and in the shapes below,
// against the ceiling, against tail with gelf-pro and against syslog-ng where it is installed, in one run:
// `npm run bench -- chain [LINES]`. The programs take turns, and the middle one of their runs counts.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, number, root, start, usage } from './measure.js';
import { hasSyslogNg, startSyslogNg } from './syslog-ng.js';

const SHAPES = {
  'default flow': defaultFlow,
  straight: (file, port) => [...ends(file, port, ['ship']), graylogOut],
  'with a filter': (file, port) => [...ends(file, port, ['keep']), filter, graylogOut],
  'and two alerts': (file, port) => [...ends(file, port, ['keep', 'guessing', 'root']), filter, graylogOut, ...alerts],
};

const FLOW = join(root, 'flows/infrastructure-monitoring.json');
/** tail with gelf-pro is measured on fewer lines: its rate does not depend on how many there are. */
const SLOW_SHARE = 60;
/** Other machines share this one's processor: the programs take turns, and the middle figure counts. */
const ROUNDS = 3;

export async function benchChain(lines = 3_000_000) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  try {
    const file = join(folder, 'auth.log');
    writeLines(file, lines);
    const slowFile = join(folder, 'slow.log');
    writeLines(slowFile, Math.ceil(lines / SLOW_SHARE));
    console.log(`${number(lines)} sshd lines from a file to a GELF TCP receiver, parsed`);
    const slowLines = Math.ceil(lines / SLOW_SHARE);
    const programs = {
      plain: () => runPlain(file, lines),
      ...Object.fromEntries(
        Object.entries(SHAPES).map(([name, shape]) => [
          name,
          () => run(lines, (port) => startNodeRed(folder, shape(file, port)), /Started flows/),
        ]),
      ),
      'tail + gelf-pro': () =>
        run(slowLines, (port) => start(node, [join(root, 'bench/tail-gelf-pro.js'), slowFile, port])),
      ...(hasSyslogNg() ? { 'syslog-ng': () => run(lines, (port) => startSyslogNg(folder, file, port)) } : {}),
    };
    const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, program] of Object.entries(programs)) runs[name].push(await program());
    }
    const results = Object.fromEntries(Object.entries(runs).map(([name, figures]) => [name, middle(figures)]));
    report(results);
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines as rsyslog writes what a sshd under attack logs. */
export function writeLines(file, count) {
  const fd = openSync(file, 'w');
  const startMs = Date.UTC(2026, 0, 1);
  let text = '';
  for (let n = 0; n < count; n += 1) {
    const time = new Date(startMs + n * 10).toISOString().replace('Z', '000+00:00');
    const word = n % 10 === 0 ? 'Accepted publickey' : 'Failed password';
    const user = n % 3 === 0 ? `invalid user user${n % 500}` : 'root';
    const from = `from 203.0.113.${n % 256} port ${1024 + (n % 60_000)} ssh2`;
    text += `${time} bench sshd[${1000 + (n % 30_000)}]: ${word} for ${word[0] === 'A' ? 'root' : user} ${from}\n`;
    if (text.length > 1_000_000) {
      writeSync(fd, text);
      text = '';
    }
  }
  writeSync(fd, text);
  closeSync(fd);
}

const graylogOut = { id: 'ship', z: 'tab', type: 'graylog-out', server: 'server', port: '', wires: [] };

const is = (field, value) => ({ field, operator: 'is', value, orAbsent: false });

/** What the default flow leaves out. No line of the bench is one of these. */
const filter = {
  ...{ id: 'keep', z: 'tab', type: 'record-filter', name: 'cron', action: 'drop' },
  ...{ rules: { mode: 'any', rules: [is('event_action', 'cron_session')] }, wires: [['ship'], []] },
};

/** Both look at each line: the one adds up failed logins by address, the other waits for a login of root. */
const alerts = [
  {
    ...{ id: 'guessing', z: 'tab', type: 'alert', name: 'password guessing', each: ['source_ip'], wires: [[]] },
    ...{ kind: 'count', counts: 'sum', countField: 'login_failures', threshold: '20', windowSeconds: '60' },
  },
  {
    ...{ id: 'root', z: 'tab', type: 'alert', name: 'root logged in', each: ['source_ip'], wires: [[]] },
    ...{ kind: 'match', only: { mode: 'all', rules: [is('event_action', 'ssh_login'), is('user_name', 'root')] } },
  },
];

/** The source, which is wired to these nodes, and the server. */
function ends(file, port, targets) {
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { id: 'server', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${port}` },
    { id: 'source', z: 'tab', type: 'auth-log-in', file, start: 'beginning', wires: [targets] },
  ];
}

/** The group of the auth log in the default flow, as it ships, and what it reaches over links to ship its records. */
export function defaultFlow(file, port) {
  const flow = JSON.parse(readFileSync(FLOW, 'utf8'));
  const byId = new Map(flow.map((part) => [part.id, part]));
  const groups = new Set([flow.find(({ type }) => type === 'auth-log-in').g]);
  const hasOutput = (group) => flow.some(({ g, type }) => g === group && type === 'graylog-out');
  for (const { g, type, links } of flow) {
    if (!groups.has(g) || type !== 'link out') continue;
    for (const { g: reached } of links.map((id) => byId.get(id))) if (hasOutput(reached)) groups.add(reached);
  }
  const kept = flow.filter(({ id, g, type }) => groups.has(id) || groups.has(g) || /^(tab|graylog-server)$/.test(type));
  for (const part of kept) {
    if (part.type === 'auth-log-in') Object.assign(part, { file, start: 'beginning' });
    if (part.type === 'graylog-server') part.endpoints = `tcp://127.0.0.1:${port}`;
  }
  return kept;
}

/** Starts Node-RED with these nodes in a user directory of its own. */
export function startNodeRed(folder, flow) {
  const userDir = mkdtempSync(join(folder, 'user-'));
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  const settings = { flowFile: 'flows.json', uiHost: '127.0.0.1', telemetry: { enabled: false }, nodesDir: [root] };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  return start(node, [join(root, 'node_modules/node-red/red.js'), '--port', '0', '--userDir', userDir]);
}

/** Rate, and CPU seconds per million lines, of the plain script for a file of so many lines. */
export function runPlain(file, lines) {
  return run(lines, (port) => start(node, [join(root, 'bench/plain.js'), file, port]));
}

async function run(lines, begin, ready) {
  const receiver = start(node, [join(root, 'bench/receiver.js'), String(lines)]);
  const [, port] = await receiver.line(/port (\d+)/);
  const startedMs = Date.now();
  const program = begin(port);
  let before = { cpu: 0 };
  let readyMs = startedMs;
  if (ready !== undefined) {
    await program.line(ready);
    before = usage(program.pid);
    readyMs = Date.now();
  }
  const [, , seconds] = await receiver.line(/done (\S+) (\S+)/, 600_000);
  const after = usage(program.pid);
  const whole = (Date.now() - readyMs) / 1000;
  await program.stop();
  await receiver.stop();
  // The program's own start is left out of both: what counts is the time from the first line that arrives.
  return {
    rate: lines / Number(seconds),
    cpu: ((after.cpu - before.cpu) * 1_000_000) / lines,
    peakMb: after.peakMb,
    whole,
  };
}

/** Of each figure the middle one over all runs. */
function middle(runs) {
  const of = (key) => runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, of(key)]));
}

function report(results) {
  const { plain } = results;
  const slow = results['tail + gelf-pro'];
  const shipper = results['syslog-ng'];
  for (const [name, { rate, cpu, peakMb }] of Object.entries(results)) {
    const figures = [
      `${number(rate).padStart(9)} lines/s`,
      `${number(cpu, 2).padStart(7)} CPU s per million`,
      `${number(peakMb).padStart(5)} MB peak`,
      `${number(rate / plain.rate, 2)} of the plain script`,
      `${number(rate / slow.rate, 1)} times tail + gelf-pro`,
      ...(shipper === undefined ? [] : [`${number(rate / shipper.rate, 1)} times syslog-ng`]),
      `CPU ${number(cpu / plain.cpu, 2)} times the plain script's`,
    ];
    console.log(`${name.padEnd(16)} ${figures.join(', ')}`);
  }
}
