import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textTest } from '../../../../plugins/monitoring-page/answer/text-test.ts';
import { searchRing } from '../../../../plugins/monitoring-page/io/ring-search.ts';
import { RecordRing } from '../../../../plugins/monitoring-page/ring/record-ring.ts';

const documentOf = (message: string, more: object = {}): string =>
  JSON.stringify({ version: '1.1', host: 'shop', short_message: message, level: 6, _log_type: 'docker_log', ...more });

function ringOf(count: number, mostBytes?: number): RecordRing {
  const ring = new RecordRing(() => 1_000_000, mostBytes);
  const keep = ring.keeperFor('out');
  for (let index = 1; index <= count; index += 1) {
    const container = index % 100 === 0 ? 'seldom' : `c${index % 7}`;
    keep(documentOf(`line ${index}`), 'docker_log', 'stdout', container);
  }
  return ring;
}

const numbersOf = async (...asked: Parameters<typeof searchRing>): Promise<number[]> =>
  (await searchRing(...asked)).entries.map(({ number }) => number);

test('the last records come first, page by page, until there are none', async () => {
  const ring = ringOf(3_000);
  let [before, seen]: [number | undefined, number[]] = [undefined, []];
  for (let isEnd = false; !isEnd; ) {
    const found = await searchRing(ring, { most: 333, before, fits: () => true });
    seen = [...seen, ...found.entries.map(({ number }) => number)];
    [before, isEnd] = [found.entries.at(-1)?.number, found.isEnd];
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 3_000 }, (_, index) => 3_000 - index),
  );
});

test('one record among many is found, and of a source that says little the last ones', async () => {
  const ring = ringOf(20_000);
  const matches = (document: string): boolean => document.includes('"line 17"');
  assert.deepEqual(await numbersOf(ring, { most: 10, fits: () => true, matches }), [17]);
  const fits = ({ container }: { container: unknown }): boolean => container === 'seldom';
  assert.deepEqual(await numbersOf(ring, { most: 3, fits }), [20_000, 19_900, 19_800]);
});

test('where busy containers pushed their lines out, what is left is found once each', async () => {
  const ring = ringOf(60_000, 200_000);
  const { size } = ring;
  const numbers = await numbersOf(ring, { most: 100_000, fits: () => true });
  assert.equal(numbers.length, size);
  assert.equal(new Set(numbers).size, size);
  assert.ok(numbers.every((number, index) => index === 0 || number < (numbers[index - 1] ?? 0)));
});

test('it lets others run between, and ends when nobody waits for it any more', async () => {
  const ring = ringOf(20_000);
  let turns = 0;
  const count = (): void => {
    turns += 1;
    handle = setImmediate(count);
  };
  let handle = setImmediate(count);
  await searchRing(ring, { most: 1, fits: () => true, matches: () => false });
  clearImmediate(handle);
  assert.ok(turns >= 20, `${turns}`);
  const { isEnd } = await searchRing(ring, { most: 1, fits: () => true, matches: () => false }, AbortSignal.abort());
  assert.equal(isEnd, false);
});

test('a text is found in whatever case and value, but not in what a reader may not see', () => {
  const login = documentOf('Failed password for ÅSA from 192.0.2.7', {
    ...{ _log_type: 'auth', _user_name: 'ÅSA', _source_ip: '192.0.2.7', _event_action: 'ssh_login_failed' },
  });
  for (const text of ['åsa', 'Failed', '192.0.2.7', 'ssh_login_failed']) assert.ok(textTest(text, true)(login), text);
  for (const text of ['åsa', '192.0.2.7', 'password']) assert.equal(textTest(text, false)(login), false, text);
  assert.ok(textTest('ssh_login_failed', false)(login));
  // The names of keys are no values.
  assert.equal(textTest('short_message', true)(login), false);
  assert.ok(textTest('say "hi"\\', true)(documentOf('they say "hi"\\ and go')));
});

test('whatever a message is, each part of it finds it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(), fc.nat({ max: 20 }), (message, at, length) => {
      const from = at % message.length;
      const part = message.slice(from, from + 1 + length).toLowerCase();
      // A half of a pair is no text that anybody types.
      fc.pre(part.isWellFormed() && message.toLowerCase().includes(part));
      assert.ok(textTest(part, true)(documentOf(message)));
    }),
  );
});
