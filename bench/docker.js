// docker-logs-in on a Docker Engine of its own: lines/s from one busy container against `docker logs -f > /dev/null`, and
// memory and handles over redeploys with many containers. `npm run bench -- docker [LINES] [CONTAINERS]`.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { number, root, usage } from './measure.js';

const TURNS = 3;
const REDEPLOYS = 20;
const LINE =
  'GET /shop/cart?item=4711 HTTP/1.1 200 1234 "Mozilla/5.0 (X11; Linux x86_64)" a line of about a hundred bytes';

export async function benchDocker(lines = 500_000, containers = 200) {
  const { IMAGE, missingForDocker, startEngine } = await import('../test/support/docker.ts');
  const missing = missingForDocker();
  if (missing !== undefined) {
    console.log(`docker: left out, ${missing}`);
    return undefined;
  }
  const ends = [];
  try {
    const engine = await startEngine({ after: (end) => ends.push(end) });
    const box = ['--network', 'none', IMAGE, 'sh', '-c'];
    await engine.docker('run', '-d', '--name', 'busy', ...box, `yes '${LINE}' | head -n ${lines}`);
    await engine.docker('wait', 'busy');
    const results = await speed(engine, lines);
    await engine.docker('rm', 'busy');
    if (containers > 0) results.memory = await memory(engine, containers, box);
    return results;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function speed(engine, lines) {
  const reference = [];
  const own = [];
  const cpu = [];
  // By turns, so that what else the machine does meets both.
  for (let turn = 0; turn < TURNS; turn += 1) {
    reference.push(lines / (await followWithDocker(engine.host)));
    const child = await startNodeRed(engine.host, { from: 'start', include: 'busy' });
    const [, { seconds }] = await heard(child, lines);
    own.push(lines / seconds);
    cpu.push(((usage(child.pid).cpu - child.cpuBefore) * 1_000_000) / lines);
    await stop(child);
  }
  const result = { docker: median(reference), own: median(own), cpu: median(cpu) };
  console.log(`one container, ${number(lines)} lines, median of ${TURNS}`);
  console.log(`docker logs -f -t > /dev/null ${number(result.docker).padStart(10)} lines/s`);
  console.log(
    `docker-logs-in, a msg a line  ${number(result.own).padStart(10)} lines/s, ${number(result.own / result.docker, 2)} of it, ${number(result.cpu, 2)} CPU s per million`,
  );
  return result;
}

/** Seconds that the docker command takes for the whole log, with time stamps as docker-logs-in has them. */
async function followWithDocker(host) {
  const began = performance.now();
  const stdio = ['ignore', openSync('/dev/null', 'w'), 'inherit'];
  const child = spawn('docker', ['logs', '-f', '-t', 'busy'], { stdio, env: { ...process.env, DOCKER_HOST: host } });
  await once(child, 'exit');
  return (performance.now() - began) / 1000;
}

async function memory(engine, count, box) {
  const names = Array.from({ length: count }, (_, index) => `many-${index}`);
  const write = 'while true; do echo "$(date)"; sleep 5; done';
  // The engine starts a few at a time in the time of one.
  const queue = names.values();
  const work = async () => {
    for (const name of queue) await engine.docker('run', '-d', '--name', name, '--stop-signal', 'KILL', ...box, write);
  };
  await Promise.all([work(), work(), work(), work()]);
  const child = await startNodeRed(engine.host, { include: 'many-*' });
  await heard(child, count);
  const samples = [];
  for (let turn = 0; turn < REDEPLOYS; turn += 1) {
    child.send('redeploy');
    const [, sample] = await message(child, 'used');
    samples.push(sample);
  }
  await stop(child);
  console.log(`${count} containers, ${REDEPLOYS} redeploys; after each: heap MB, resident MB, open handles`);
  for (const [turn, { heap, rss, handles }] of samples.entries()) {
    if (turn % 5 === 0 || turn === samples.length - 1) {
      console.log(
        `${String(turn + 1).padStart(3)} ${number(heap, 1).padStart(7)} ${number(rss, 1).padStart(7)} ${handles}`,
      );
    }
  }
  return samples;
}

function flowFor(host, settings) {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', ...settings, wires: [['sink']] },
    { id: 'sink', z: 'f', type: 'change', rules: [], wires: [[]] },
  ];
}

async function startNodeRed(host, settings) {
  const child = fork(fileURLToPath(import.meta.url), ['node-red', JSON.stringify(flowFor(host, settings))]);
  await message(child, 'started');
  child.cpuBefore = usage(child.pid).cpu;
  return child;
}

async function message(child, wanted) {
  for (;;) {
    const [answer] = await once(child, 'message');
    if (answer[0] === wanted) return answer;
  }
}

async function heard(child, lines) {
  child.send(lines);
  return message(child, 'heard');
}

async function stop(child) {
  const ended = once(child, 'exit');
  child.send('stop');
  await ended;
}

/** The other half: Node-RED in a process of its own, which counts what docker-logs-in sends. */
async function runNodeRed(flow) {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const RED = createRequire(import.meta.url)('node-red');
  const userDir = mkdtempSync(join(tmpdir(), 'infra-bench-'));
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  RED.init(createServer(), {
    userDir,
    flowFile: 'flows.json',
    nodesDir: [root],
    httpAdminRoot: false,
    httpNodeRoot: false,
    logging: { console: { level: 'error' } },
  });
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let began;
  const look = () => {
    if (count < wanted) return;
    wanted = Number.POSITIVE_INFINITY;
    process.send(['heard', { seconds: (performance.now() - began) / 1000 }]);
  };
  RED.hooks.add('onSend', (events) => {
    if (events[0].source.id !== 'l') return;
    count += events.length;
    look();
  });
  process.on('message', async (order) => {
    if (order === 'stop') {
      await RED.stop();
      rmSync(userDir, { recursive: true, force: true });
      process.exit(0);
    }
    if (order === 'redeploy') {
      count = 0;
      await RED.runtime.flows.setFlows({ flows: { flows: flow }, deploymentType: 'full' });
      while (count === 0) await wait(50);
      await wait(500);
      gc();
      const { heapUsed, rss } = process.memoryUsage();
      const handles = process.getActiveResourcesInfo().length;
      process.send(['used', { heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20, handles }]);
      return;
    }
    wanted = order;
    look();
  });
  // From the start of the flow on: the connection and the first answer count as they do for the docker command.
  RED.events.once('flows:started', () => {
    began = performance.now();
    process.send(['started']);
  });
  await RED.start();
}

if (process.argv[2] === 'node-red' && process.send !== undefined) await runNodeRed(JSON.parse(process.argv[3]));
