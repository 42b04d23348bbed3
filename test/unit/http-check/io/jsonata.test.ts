import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Outcome } from '../../../../nodes/http-check/answer/body-test.ts';
import { JsonataProcess, type Lookup } from '../../../../nodes/http-check/io/jsonata.ts';

const { util } = createRequire(import.meta.url)('@node-red/util') as { util: object };
const { signal } = new AbortController();
const nothing: Lookup = () => assert.fail('nothing is asked');

const jsonata = new JsonataProcess(util);
const evaluate = (expression: string, text = '{}', lookup = nothing): Promise<Outcome> =>
  jsonata.evaluate(expression, text, lookup, signal);

test('an expression sees the parsed JSON, or the text where it is none, and must be exactly true', async () => {
  assert.deepEqual(await evaluate('a.b[1] > 1 and $count(a.b) = 2', '{"a":{"b":[1,2]}}'), { isTrue: true });
  assert.deepEqual(await evaluate('$contains($, "{")', '{"a":'), { isTrue: true });
  for (const body of ['1', '"true"', 'null']) assert.deepEqual(await evaluate('$', body), { isTrue: false });
  assert.deepEqual(await evaluate('msg.a = 1', '{"a":1}'), { isTrue: true });
});

test('an expression that fails gives its words', async () => {
  assert.deepEqual(await evaluate('$number("x")'), {
    failed: 'error',
    words: 'Unable to cast value to a number: "x"',
  });
});

test('an expression asks for variables and contexts, and gets nothing for what cannot be copied', async () => {
  const asked: unknown[] = [];
  const lookup: Lookup = async ({ of, name, store }) => {
    asked.push([of, name, store]);
    if (name === 'function') return () => 0;
    if (name === 'broken') throw new Error('no such store');
    return of === 'env' ? 'prod' : { limit: 3 };
  };
  const expression =
    '$env("STAGE") = "prod" and $flowContext("a").limit = 3 and $globalContext("b", "file").limit = 3 and $not($exists($flowContext("function"))) and $not($exists($flowContext("broken")))';
  assert.deepEqual(await evaluate(expression, '{}', lookup), { isTrue: true });
  assert.deepEqual(asked.slice(0, 3), [
    ['env', 'STAGE', undefined],
    ['flow', 'a', undefined],
    ['global', 'b', 'file'],
  ]);
});

test('expressions are evaluated one after the other, each with its own outcome', async () => {
  const outcomes = await Promise.all(['$ = 1', '$ = 2', '$number("x")'].map((expression) => evaluate(expression, '1')));
  assert.deepEqual(
    outcomes.map((outcome) => ('isTrue' in outcome ? outcome.isTrue : outcome.failed)),
    [true, false, 'error'],
  );
});

test('a body that is longer than it takes is not handed over', async () => {
  assert.deepEqual(await evaluate('true', 'x'.repeat(16 * 1024 * 1024 + 1)), { failed: 'size' });
});

test('an aborted signal calls an expression off at once, and those that wait', async () => {
  const closing = new AbortController();
  const loop = '($f := function($x) { $f($x + 1) }; $f(1))';
  const both = [loop, 'true'].map((expression) => jsonata.evaluate(expression, '{}', nothing, closing.signal));
  closing.abort();
  assert.deepEqual(await Promise.all(both), [{ failed: 'late' }, { failed: 'late' }]);
  assert.deepEqual(await evaluate('true'), { isTrue: true });
});

test('without the file of RED.util nothing is evaluated', async () => {
  const lost = new JsonataProcess({});
  assert.deepEqual(await lost.evaluate('true', '{}', nothing, signal), { failed: 'start' });
});

test('the process holds no Node.js that has nothing else to do', { timeout: 30_000 }, async () => {
  const script = `
    import { createRequire } from 'node:module';
    import { JsonataProcess } from ${JSON.stringify(new URL('../../../../nodes/http-check/io/jsonata.ts', import.meta.url))};
    const { util } = createRequire(${JSON.stringify(import.meta.url)})('@node-red/util');
    const outcome = await new JsonataProcess(util).evaluate('true', '{}', undefined, new AbortController().signal);
    console.log(JSON.stringify(outcome));`;
  const said = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      ['--input-type=module-typescript', '-e', script],
      { timeout: 20_000 },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
  });
  assert.deepEqual(JSON.parse(said), { isTrue: true });
});
