// Risk: lines that are not those which Docker itself prints.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { collect, recordsOf, whenConnected } from '../../support/docker-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const missing = missingForDocker();
const timeout = 180_000;
const withEngine = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout };
const noCompose = missing ?? (program('docker-compose') === undefined ? 'no docker-compose' : undefined);
const withCompose = { ...real(`Docker Engine to test with: ${noCompose}`, noCompose === undefined), timeout };

function flowAt(host: string, settings: object = {}): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', ...settings, wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
  ];
}

/** Each ends with the line `END`, so that the test knows when all of it was written. */
const SERVICES: { [service: string]: { script: string; tty?: boolean } } = {
  both: { script: 'for i in $(seq 300); do echo "out $i"; echo "err $i" >&2; done; sleep 0.3; echo END' },
  long: {
    script:
      "for n in 1 2 3; do head -c 40960 /dev/zero | tr '\\0' \"$n\"; echo; done; head -c 16384 /dev/zero | tr '\\0' x; echo; head -c 16383 /dev/zero | tr '\\0' ä; echo; echo END",
  },
  partial: { script: "printf 'one '; sleep 0.2; printf 'two '; sleep 0.2; echo three; echo END; printf 'no line end'" },
  colours: {
    script: "printf '\\033[1;31mred\\033[0m and \\033[38;5;12mblue\\033[m\\n'; printf 'crlf\\r\\n'; echo; echo END",
  },
  many: { script: 'seq 10000; echo END' },
  tty: {
    script:
      "seq 50; printf '\\033[32mgreen\\033[0m\\n'; head -c 40000 /dev/zero | tr '\\0' y; echo; echo END; sleep 0.2",
    tty: true,
  },
};

function composeFile(): string {
  const services = Object.entries(SERVICES).map(([name, { script, tty = false }]) => {
    const command = JSON.stringify(['sh', '-c', script.replaceAll('$', '$$$$')]);
    return `  ${name}: { image: '${IMAGE}', network_mode: none, tty: ${tty}, command: ${command} }`;
  });
  return `version: '2.4'\nservices:\n${services.join('\n')}\n`;
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** The lines of a service as `docker-compose logs --no-color -t` has them: the time, then the text. */
function printedLines(printed: string): string[] {
  return printed.split('\n').flatMap((line) => {
    const [, stamp = '', text = ''] = /^\w+ +\| (\S+Z) (.*)$/s.exec(line) ?? [];
    // docker-compose shows the stamp before every piece of a long line, the colours, and what a TTY ends a line with.
    const plain = text.replaceAll(`${stamp} `, '').replace(COLOUR, '').replace(/\r$/, '');
    return plain === '' ? [] : [`${stamp} ${plain}`];
  });
}

test('docker-logs-in hands on line for line what docker-compose logs prints', withCompose, async (t) => {
  const engine = await startEngine(t);
  const folder = mkdtempSync(join(tmpdir(), 'docker-lines-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'docker-compose.yml'), composeFile());
  const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host, { composeDir: folder }));
  const heard = collect(flow, 'out');
  await whenConnected(flow, 'l');
  const env = { ...process.env, DOCKER_HOST: engine.host, PYTHONIOENCODING: 'utf8' };
  const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
  await run('docker-compose', ['up', '-d'], options);

  const ended = (): Set<unknown> =>
    new Set(
      recordsOf(heard)
        .filter(({ message }) => message === 'END')
        .map(({ compose_service }) => compose_service),
    );
  await until(() => ended().size === Object.keys(SERVICES).length, 60_000);
  await until(() => recordsOf(heard).some(({ message }) => message === 'no line end'));
  for (const service of Object.keys(SERVICES)) {
    // One after another: what ends without a line end would run into the next service's line.
    const { stdout } = await run('docker-compose', ['logs', '--no-color', '-t', service], options);
    const actual = recordsOf(heard)
      .filter(({ compose_service }) => compose_service === service)
      .map(({ event_id, message }) => `${/\d{4}-\d\d-\d\dT\S+?Z/.exec(event_id)?.[0]} ${message}`);
    assert.deepEqual(actual, printedLines(stdout), service);
  }
});

test("docker-logs-in names and fills its fields as Docker's own gelf driver does", withEngine, async (t) => {
  const engine = await startEngine(t);
  const receiver = createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => receiver.close());
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const driver: { [field: string]: unknown }[] = [];
  receiver.on('message', (datagram) => driver.push(JSON.parse(datagram.toString())));
  const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host));
  const heard = collect(flow, 'out');
  await whenConnected(flow, 'l');

  const log = ['--log-driver', 'gelf', '--log-opt', `gelf-address=udp://127.0.0.1:${port}`];
  const script = "echo out; echo err >&2; echo; echo '  spaces  '; sleep 0.5; echo END";
  const names = ['--name', 'compared', '--entrypoint', 'sh', '--network', 'none'];
  await engine.docker('run', ...log, '--log-opt', 'gelf-compression-type=none', ...names, IMAGE, '-c', script);
  await until(() => driver.some(({ short_message }) => short_message === 'END'));
  await until(() => recordsOf(heard).some(({ message }) => message === 'END'));

  const added = ['_log_type', '_event_id', '_stream'];
  const ours = recordsOf(heard).map(({ time, host, level, message, ...fields }) => ({
    version: '1.1',
    host,
    short_message: message,
    timestamp: Date.parse(time) / 1000,
    level,
    ...Object.fromEntries(
      Object.entries(fields)
        .map(([key, value]) => [`_${key}`, value] as const)
        .filter(([key]) => !added.includes(key)),
    ),
  }));
  assert.deepEqual(ours, driver);
});
