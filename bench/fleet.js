// What many hosts do to a receiver that is killed and comes back: `npm run bench -- fleet [hosts N [KILLS] | senders N [DOWN]]`.
// `hosts`: Node-RED processes, each in a network of its own (root), against two receivers that are killed in turn.
// `senders`: the deliveries of that many hosts in a few processes, against one receiver that is away for DOWN seconds.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { number, root } from './measure.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const WINDOW_MS = 100;
const AFTER_MS = 60_000;
const LATE_MS = 120_000;
const PER_PROCESS = 500;

export async function benchFleet(part, ...words) {
  const numbers = words.map(Number);
  if (part === undefined || part === 'senders') await benchSenders(...numbers);
  if (part === undefined || part === 'hosts') await benchHosts(...numbers);
}

/** A child process that is ahead of what else this machine does: what is measured is time. */
function start(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  try {
    setPriority(child.pid, -10);
  } catch {
    // Not root: it takes its turn.
  }
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => (await lines.next()).value };
}

async function startReceiver(port, file, address = '127.0.0.1') {
  const receiver = start(process.execPath, [here('fleet-receiver.js'), String(port), file, address]);
  await receiver.line();
  return receiver.child;
}

async function kill(child) {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** What receivers have written: the numbers of each sender's records with their times, and the times of connections. */
function readFiles(files) {
  const records = new Map();
  const connections = [];
  for (const line of files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'c') connections.push(Number(words[0]));
    if (kind !== 'r') continue;
    const [host, n, ms] = words;
    const known = records.get(host) ?? { numbers: new Set(), times: [] };
    known.numbers.add(Number(n));
    known.times.push(Number(ms));
    records.set(host, known);
  }
  return { records, connections };
}

const sum = (numbers) => [...numbers.values()].reduce((total, one) => total + one, 0);

/** How many records each host had made by the last that arrived, and how many of them are missing. `made`: those of before. */
function gapsOf(files, made) {
  const { records } = readFiles(files);
  const own = made ?? new Map([...records].map(([host, { numbers }]) => [host, Math.max(...numbers) + 1]));
  const had = [...own].map(([host, count]) => [...records.get(host).numbers].filter((n) => n < count).length);
  return { made: own, missing: sum(own) - had.reduce((total, one) => total + one, 0) };
}

/** How long after `killMs` every sender had delivered something again, in seconds. */
function recovery(records, killMs) {
  const firsts = [...records.values()].map(({ times }) => Math.min(...times.filter((ms) => ms > killMs)));
  const last = Math.max(...firsts);
  return Number.isFinite(last) ? (last - killMs) / 1000 : Number.NaN;
}

async function benchSenders(count = 2_000, downSeconds = 5) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-fleet-'));
  const file = join(folder, 'received');
  writeFileSync(file, '');
  const port = 20_000 + (process.pid % 10_000);
  let receiver = await startReceiver(port, file);
  const processes = [];
  for (let from = 0; from < count; from += PER_PROCESS) {
    const setup = { url: `tcp://127.0.0.1:${port}`, from, to: Math.min(count, from + PER_PROCESS), everyMs: 1_000 };
    const senders = start(process.execPath, [here('fleet-senders.js'), JSON.stringify(setup)]);
    await senders.line();
    processes.push(senders);
  }
  await pause(15_000);
  const killMs = Date.now();
  await kill(receiver);
  await pause(downSeconds * 1_000);
  receiver = await startReceiver(port, file);
  await pause(AFTER_MS - downSeconds * 1_000);
  for (const { child } of processes) child.stdin.write('stop\n');
  const ends = await Promise.all(processes.map(async ({ line }) => JSON.parse(await line())));
  await kill(receiver);
  const { records, connections } = readFiles([file]);
  const sent = ends.flatMap((end) => end.sent);
  const lost = sent.reduce((sum, [host, n]) => sum + n - (records.get(host)?.numbers.size ?? 0), 0);
  const windows = Array.from({ length: AFTER_MS / WINDOW_MS }, () => 0);
  for (const ms of connections) {
    const window = Math.floor((ms - killMs) / WINDOW_MS);
    if (window >= 0 && window < windows.length) windows[window] += 1;
  }
  const mean = windows.reduce((sum, one) => sum + one, 0) / windows.length;
  const peak = Math.max(...windows);
  console.log(
    `${number(count)} senders, one record a second each, receiver away for ${downSeconds} s: ${lost} of ` +
      `${number(sent.reduce((sum, [, n]) => sum + n, 0))} lost; all delivering again after ` +
      `${number(recovery(records, killMs), 1)} s; new connections in 100 ms: ${number(mean, 1)} on average, ` +
      `${peak} at most (${number(windows.indexOf(peak) / 10, 1)} s after the kill), ${number(peak / mean, 2)} times as many`,
  );
  rmSync(folder, { recursive: true, force: true });
}

/** A run before may not be quite gone: networks end some time after their last process. */
const RUN = process.pid % 1_000;
const BRIDGE = `fleet${RUN}`;
const NETWORK = `10.233.${RUN % 250}`;
const ip = (...words) => execFileSync('ip', words, { stdio: 'pipe' });
const quietly = (...words) => {
  try {
    ip(...words);
  } catch {
    // It is not there.
  }
};

/** A record ten times a second, numbered. */
const flow = (host) => [
  { id: 'tab', type: 'tab', label: 'fleet' },
  {
    id: 'server',
    type: 'graylog-server',
    endpoints: '',
    port: '',
    host,
    tls: '',
    bufferMegabytes: '8',
    diskMegabytes: '64',
  },
  { id: 'tick', type: 'inject', z: 'tab', repeat: '0.1', once: true, props: [], wires: [['count']] },
  {
    ...{ id: 'count', type: 'function', z: 'tab', outputs: 1, wires: [['out']] },
    func: "const n = context.get('n') ?? 0; context.set('n', n + 1); msg.payload = { message: 'record ' + n, n }; return msg;",
  },
  { id: 'out', type: 'graylog-out', z: 'tab', server: 'server', wires: [] },
];

function startHost(folder, index, url) {
  const host = `host-${index}`;
  const [network, inside, outside] = [`fleet${RUN}-${index}`, `fi${RUN}-${index}`, `fo${RUN}-${index}`];
  ip('netns', 'add', network);
  ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', network);
  ip('link', 'set', outside, 'master', BRIDGE, 'up');
  ip('-n', network, 'address', 'add', `${NETWORK}.${index + 2}/24`, 'dev', inside);
  ip('-n', network, 'link', 'set', inside, 'up');
  ip('-n', network, 'link', 'set', 'lo', 'up');
  const userDir = join(folder, host);
  mkdirSync(userDir);
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow(host)));
  const settings = {
    flowFile: 'flows.json',
    uiPort: 1880,
    uiHost: '127.0.0.1',
    nodesDir: root,
    httpAdminRoot: false,
    telemetry: { enabled: false },
  };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  const red = [join(root, 'node_modules/node-red/red.js'), '--userDir', userDir];
  const options = { stdio: 'ignore', env: { ...process.env, LOGGING_URL: url, MONITORED_HOST: host } };
  return spawn('ip', ['netns', 'exec', network, process.execPath, '--max-old-space-size=96', ...red], options);
}

async function benchHosts(count = 20, kills = 20) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-fleet-'));
  const files = ['a', 'b'].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, '');
  const ports = [12_201, 12_202];
  const address = `${NETWORK}.1`;
  const hosts = [];
  const receivers = [];
  try {
    ip('link', 'add', BRIDGE, 'type', 'bridge');
    ip('address', 'add', `${address}/24`, 'dev', BRIDGE);
    ip('link', 'set', BRIDGE, 'up');
    for (const i of [0, 1]) receivers.push(await startReceiver(ports[i], files[i], address));
    const url = ports.map((port) => `tcp://${address}:${port}`).join();
    for (let i = 0; i < count; i += 1) hosts.push(startHost(folder, i, url));
    const deadline = Date.now() + 600_000;
    while (readFiles(files).records.size < count && Date.now() < deadline) await pause(1_000);
    console.log(`${readFiles(files).records.size} hosts deliver`);
    const times = [];
    for (let i = 0; i < kills; i += 1) times.push(await killInTurn(i % 2, { receivers, files, ports, address }));
    await pause(15_000);
    const { made, missing: late } = gapsOf(files);
    // What a receiver had not confirmed comes again. On a machine with too little time for all of this that takes its time.
    const endMs = Date.now() + LATE_MS;
    let lost = late;
    while (lost > 0 && Date.now() < endMs) {
      await pause(1_000);
      lost = gapsOf(files, made).missing;
    }
    console.log(
      `${count} hosts, ${kills} kills: ${lost} of ${number(sum(made))} lost, ${late} late; all delivering again after ` +
        `${number(times.reduce((sum, one) => sum + one, 0) / times.length, 1)} s on average, ${number(Math.max(...times), 1)} s at most`,
    );
  } finally {
    for (const child of [...hosts, ...receivers]) child.kill('SIGKILL');
    for (let i = 0; i < count; i += 1) quietly('netns', 'del', `fleet${RUN}-${i}`);
    quietly('link', 'del', BRIDGE);
    await pause(1_000);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills a receiver, starts it again after three seconds, and waits for all hosts. Gives the seconds that took. */
async function killInTurn(which, { receivers, files, ports, address }) {
  const killMs = Date.now();
  await kill(receivers[which]);
  await pause(3_000);
  receivers[which] = await startReceiver(ports[which], files[which], address);
  let seconds = Number.NaN;
  while (Number.isNaN(seconds) && Date.now() - killMs < 90_000) {
    await pause(500);
    seconds = recovery(readFiles(files).records, killMs + 100);
  }
  await pause(3_000);
  return seconds;
}
