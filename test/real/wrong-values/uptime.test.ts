// Risk: values that are not those which the system's own programs tell.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostSampler } from '../../../nodes/uptime/io/host-sampler.ts';
import { uptimeRecord } from '../../../nodes/uptime/uptime-record.ts';
import { keepBusy } from '../../support/pace.ts';
import { program, real } from '../../support/real.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/uptime');
const needed = ['uptime', 'who', 'free'];
const hasAll = process.platform === 'linux' && needed.every((name) => program(name) !== undefined);

function run(name: string, ...args: string[]): string {
  return execFileSync(name, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
}

/** Minutes of "up 54 days, 3:12", "up 48 min", "up 1 day, 5 min". */
function minutesOf(text: string): number {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const [, hours = '0', minutes = '0'] = /(\d+):(\d\d),/.exec(text.replace(/^.*? up /, '')) ?? [];
  return number(/(\d+) days?/) * 1440 + Number(hours) * 60 + Number(minutes) + number(/(\d+) min/);
}

test('a sample agrees with uptime, /proc/loadavg, who and free -b', real(needed.join(', '), hasAll), async () => {
  const sampler = new HostSampler('/');
  // The load changes every five seconds: when it changed between the readings, they are taken again.
  for (let attempt = 0; ; attempt += 1) {
    const loadBefore = readFileSync('/proc/loadavg', 'utf8');
    const uptime = run('uptime');
    const free = run('free', '-b');
    const payload = uptimeRecord(await sampler.sample(), 'web1', 0);
    const loads = loadBefore.split(' ').slice(0, 3);
    if (readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join() !== loads.join() && attempt < 5) continue;
    assert.deepEqual([payload.load_1m, payload.load_5m, payload.load_15m], loads.map(Number));
    assert.ok(Math.abs(Math.floor(Number(payload.uptime_seconds) / 60) - minutesOf(uptime)) <= 1, uptime);
    assert.equal(payload.users, Number(/(\d+) users?,/.exec(uptime)?.[1]), uptime);
    assert.equal(payload.users, run('who').split('\n').length - 1);
    const memory = free.split('\n')[1]?.split(/\s+/).map(Number) ?? [];
    const swap = free.split('\n')[2]?.split(/\s+/).map(Number) ?? [];
    assert.equal(payload.memory_total_bytes, memory[1]);
    const available = Number(payload.memory_available_bytes);
    assert.ok(Math.abs(available - (memory[6] ?? 0)) < 0.05 * (memory[1] ?? 0), `${available} ${memory[6]}`);
    assert.equal(payload.swap_total_bytes, swap[1]);
    assert.ok(Math.abs(Number(payload.swap_used_bytes) - (swap[2] ?? 0)) < 16 * 1024 ** 2);
    assert.equal(payload.cpu_count, Number(run('getconf', '_NPROCESSORS_ONLN')));
    return;
  }
});

test('the CPU share is that of the time between two samples', real('Linux', process.platform === 'linux'), async () => {
  const sampler = new HostSampler('/');
  assert.equal((await sampler.sample()).cpuPercent, undefined);
  keepBusy(300);
  const { cpuPercent = 0, cpuCount } = await sampler.sample();
  // One core was busy all the time; the others may have done anything.
  assert.ok(cpuPercent > 60 / cpuCount && cpuPercent <= 100, `${cpuPercent}`);
});

for (const name of readdirSync(fixtures)) {
  test(`a sample of the host of a container is that of its /proc: ${name}`, async () => {
    const { cpuPercent, ...sampled } = await new HostSampler(join(fixtures, name)).sample();
    assert.equal(cpuPercent, undefined);
    const { users, ...rest } = JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'));
    const { users: counted, ...others } = JSON.parse(JSON.stringify(sampled));
    assert.deepEqual(others, rest);
    if (users !== undefined) assert.equal(counted, users);
  });
}

test(
  'without logind the users are those of the login records of the host',
  real('who', hasAll && process.arch === 'x64'),
  async (t) => {
    const hostRoot = mkdtempSync(join(tmpdir(), 'infra-uptime-'));
    t.after(() => rmSync(hostRoot, { recursive: true, force: true }));
    mkdirSync(join(hostRoot, 'run'));
    // utmp(5): a user's session, an ended one, and another user's.
    const entry = (type: number, user: string, line: string): Buffer => {
      const bytes = Buffer.alloc(384);
      bytes.writeInt32LE(type, 0);
      bytes.writeInt32LE(process.pid, 4);
      bytes.write(line, 8);
      bytes.write(user, 44);
      bytes.writeInt32LE(1_700_000_000, 340);
      return bytes;
    };
    writeFileSync(
      join(hostRoot, 'run/utmp'),
      Buffer.concat([entry(7, 'ann', 'pts/0'), entry(8, '', 'pts/1'), entry(7, 'bob', 'pts/2')]),
    );
    assert.equal((await new HostSampler(hostRoot).sample()).users, 2);
  },
);

const canUnshare = process.platform === 'linux' && process.getuid?.() === 0 && program('unshare') !== undefined;

test(
  'on a host without login records the sessions of logind are counted',
  real('mount namespace (root)', canUnshare),
  () => {
    const sampler = JSON.stringify(join(import.meta.dirname, '../../../nodes/uptime/io/host-sampler.ts'));
    const script = [
      'mount -t tmpfs none /run && mkdir -p /run/systemd/sessions',
      'for one in 1 c2; do printf "CLASS=user\\nSTATE=active\\n" > /run/systemd/sessions/$one; done',
      `exec "$0" -e 'import(${sampler}).then(async (m) => console.log((await new m.HostSampler("/").sample()).users))'`,
    ].join('\n');
    const args = ['--mount', '--propagation', 'private', 'sh', '-ec', script, process.execPath];
    const counted = execFileSync('unshare', args, { encoding: 'utf8', timeout: 20_000 });
    assert.equal(counted.trim(), '2');
  },
);
