// Risk: a checked server, or whoever wrote an expression, holds Node-RED up or takes it down.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { bodyTestOf } from '../../../nodes/http-check/answer/body-test.ts';
import type { Exchange } from '../../../nodes/http-check/answer/exchange.ts';
import { JsonataProcess } from '../../../nodes/http-check/io/jsonata.ts';
import { bodyTesters } from '../../../nodes/http-check/io/testers.ts';
import { type CheckSettings, readSettings } from '../../../nodes/http-check/settings.ts';
import { mismatchWords } from '../../support/http-words.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const { util } = createRequire(import.meta.url)('@node-red/util') as { util: object };
const jsonata = new JsonataProcess(util, { deadlineMs: 700 });
const EXCHANGE: Exchange = { url: 'http://web/', method: 'GET', totalMs: 1, phases: {}, redirects: 0 };
/** How long anything of this may hold the event loop, in ms. */
const MOST_HELD_MS = 200;

const MIB = 1024 * 1024;
const LETTERS = JSON.stringify({ a: `${'a'.repeat(MIB)}!` });
const DEEP = '['.repeat(MIB / 2) + ']'.repeat(MIB / 2);

/** Why the body is wrong, and how many ms of the processor this process needed meanwhile: it was held no longer. */
async function judge(matchType: string, match: string, body: string): Promise<{ reason: string; cpuMs: number }> {
  const settings = readSettings({ matchType, match }) as CheckSettings;
  const lookup = (): Promise<unknown> => Promise.resolve(undefined);
  const test = bodyTestOf(settings, bodyTesters(settings, jsonata, lookup, new AbortController().signal));
  const before = process.cpuUsage();
  const reason = (await mismatchWords(test(body, EXCHANGE))) ?? 'none';
  const { user, system } = process.cpuUsage(before);
  return { reason, cpuMs: (user + system) / 1000 };
}

const EXPRESSIONS: [expression: string, body: string][] = [
  ['$contains(a, /^(a+)+$/)', LETTERS],
  ['$match(a, /(a*)*b/)', LETTERS],
  ['$reduce([1..9999999], function($i, $j) { $i + $j }) > 0', '{}'],
  ['$count([1..9999999].[1..9999999]) > 0', '{}'],
  ['($f := function($x) { $f($x + 1) }; $f(1))', '{}'],
  ['($f := function($x) { 1 + $f($x + 1) }; $f(1))', '{}'],
  ['$length($pad("x", 500000000)) > 0', '{}'],
  ['($f := function($s) { $f($s & $s) }; $f(a))', LETTERS],
  ['($f := function($l) { $f($append($l, $l)) }; $f([1..1000]))', '{}'],
  ['$sort([1..9999999], function($l, $r) { $l < $r })', '{}'],
  ['$count(**) < 0', DEEP],
  ['$length($string($)) < 0', DEEP],
];

for (const [expression, body] of EXPRESSIONS) {
  test(`JSONata ${expression} is a body_mismatch, and Node-RED goes on`, async () => {
    const { reason, cpuMs } = await judge('jsonata', expression, body);
    assert.match(reason, /took too (long|much memory)$|is not true of the body$|call stack|string length/i);
    assert.ok(cpuMs < MOST_HELD_MS, `${cpuMs} ms`);
  });
}

test('after all of it an expression is evaluated as ever', async () => {
  assert.equal((await judge('jsonata', '$length(a) > 1000000', LETTERS)).reason, 'none');
});

test('a pattern that never ends is a body_mismatch, and holds Node-RED for a moment', async () => {
  for (const pattern of ['^(\\w+\\s?)+:', '(a*)*b', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    for (const body of [LETTERS, `${'a'.repeat(49)}!`]) {
      const { reason, cpuMs } = await judge('matches', pattern, body);
      assert.match(reason, /took too long$|does not match|^none$/);
      assert.ok(cpuMs < MOST_HELD_MS, `${pattern}: ${cpuMs} ms`);
    }
  }
});

test('a usual pattern is told of a body of 1 MiB', async () => {
  const body = `${'the body is fine. '.repeat(58_000)}"status": "ok"`;
  assert.equal((await judge('matches', '"status":\\s*"ok"', body)).reason, 'none');
  assert.match((await judge('matches', '^ok$', body)).reason, /does not match/);
});

const linux = real('Linux', process.platform === 'linux');

test(
  'an expression that loops ends with the Node-RED that asked for it, also with one that is killed',
  linux,
  async (t) => {
    const script = `
    import { createRequire } from 'node:module';
    import { JsonataProcess } from ${JSON.stringify(new URL('../../../nodes/http-check/io/jsonata.ts', import.meta.url))};
    const { util } = createRequire(${JSON.stringify(import.meta.url)})('@node-red/util');
    const lookup = async ({ name }) => console.log(name);
    const looping = '($env("looping"); $f := function($x) { $f($x + 1) }; $f(1))';
    await new JsonataProcess(util, { deadlineMs: 60_000 }).evaluate(looping, '{}', lookup, new AbortController().signal);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => parent.kill('SIGKILL'));
    await once(parent.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
    const path = `/proc/${parent.pid}/task/${parent.pid}/children`;
    const child = Number(await readFile(path, 'utf8'));
    assert.ok(child > 0);
    parent.kill('SIGKILL');
    await until(() => !isAlive(child));
  },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
