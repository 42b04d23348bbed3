import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Firing } from '../../../nodes/alert/firing.ts';
import type { Judge, JudgeStart } from '../../../nodes/alert/judge/judge.ts';
import { JudgedKeys, type KeyOptions } from '../../../nodes/alert/judged-keys.ts';
import { type AlertKey, keyFrom } from '../../../nodes/alert/key.ts';
import type { SavedKey } from '../../../nodes/alert/saved.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const [A, B, C] = [keyFrom(['a']), keyFrom(['b']), keyFrom(['c'])] as const;

interface Known {
  isIdle?: boolean;
  value?: number;
  most?: number;
  saved?: object;
}

/** Keys whose judges say what `known` says of each; `started` is what the judges began with. */
function bench(known: { [name: string]: Known }, options: Partial<KeyOptions> = {}, keys?: readonly SavedKey[]) {
  const started: JudgeStart[] = [];
  const looked: string[] = [];
  let forgotten = 0;
  const createJudge = (start: JudgeStart): Judge => {
    started.push(start);
    const of = (): Known => known[start.key.text] ?? {};
    return {
      take: () => undefined,
      tick: () => undefined,
      isIdle: () => of().isIdle === true,
      valueAt: () => {
        looked.push(start.key.text);
        return of().value;
      },
      get mostValue() {
        return of().most ?? of().value;
      },
      get saved() {
        return of().saved ?? {};
      },
      isUnmoved: false,
      skip: () => undefined,
      shift: () => undefined,
    };
  };
  const all = { createJudge, mostKeys: 2, ...options };
  const judged = new JudgedKeys(all, NOW, () => (forgotten += 1), { keys, isChanged: true });
  return { judged, started, looked, forgotten: () => forgotten };
}

const firing = (sinceMs: number): Firing => ({
  ...{ id: 'x', sinceMs, severity: 'error', value: undefined, count: 1, record: {} },
});
const names = (judged: JudgedKeys): string[] => [...judged.values()].map(({ key }) => key.text);
const fire = (judged: JudgedKeys, key: AlertKey): void => {
  const entry = judged.use(key, NOW);
  assert.ok(entry);
  entry.firing = firing(NOW);
};

test('an idle key makes room first, and the one heard of last stays', () => {
  const { judged, forgotten } = bench({ b: { isIdle: true } });
  for (const key of [A, B, A]) judged.use(key, NOW);
  assert.ok(judged.use(C, NOW));
  assert.deepEqual(names(judged), ['a', 'c']);
  assert.equal(forgotten(), 0);
});

test('where none is idle the key that was not heard of for longest is forgotten, and that is said', () => {
  const { judged, forgotten } = bench({});
  for (const key of [A, B, A]) judged.use(key, NOW);
  judged.use(C, NOW);
  assert.deepEqual(names(judged), ['a', 'c']);
  assert.equal(forgotten(), 1);
});

test('a key that fires is never forgotten: there is no room then', () => {
  const { judged, forgotten } = bench({ a: { isIdle: true }, b: { isIdle: true } });
  for (const key of [A, B]) fire(judged, key);
  assert.equal(judged.use(C, NOW), undefined);
  assert.equal(judged.size, 2);
  assert.equal(forgotten(), 0);
});

test('the highest value is that of a key which does not ring, and few judges are asked', () => {
  const { judged, looked } = bench({ a: { value: 9 }, b: { value: 4 }, c: { value: 1, most: 3 } }, { mostKeys: 9 });
  fire(judged, A);
  for (const key of [B, C]) judged.use(key, NOW);
  assert.deepEqual(judged.highest(NOW), { key: B, value: 4 });
  assert.deepEqual(looked, ['b']);
});

test('what is saved has every key that fires, and none of which there is nothing to keep', () => {
  const blank = { isIdle: true, saved: { newestMs: undefined, held: undefined } };
  const { judged } = bench({ a: blank, b: blank, c: { isIdle: true, saved: { newestMs: NOW } } }, { mostKeys: 9 });
  fire(judged, A);
  for (const key of [B, C]) judged.use(key, NOW);
  assert.deepEqual(
    judged.savedAt(NOW).map(({ key, firing: kept }) => [key.text, kept?.id]),
    [
      ['a', 'x'],
      ['c', undefined],
    ],
  );
});

test('a key of an earlier run keeps what fires, never later than now, and expected keys come beside it', () => {
  const saved: SavedKey[] = [{ key: A, judge: 'what was', firing: firing(NOW + 5_000) }];
  const { judged, started } = bench({}, { expected: [A, B], mostKeys: 9 }, saved);
  assert.deepEqual(names(judged), ['a', 'b']);
  assert.deepEqual(
    judged.firing.map(({ key, firing: { sinceMs } }) => [key.text, sinceMs]),
    [['a', NOW]],
  );
  assert.deepEqual(started, [
    { key: A, nowMs: NOW, saved: 'what was', isChanged: true },
    { key: B, nowMs: NOW },
  ]);
});

test('a firing that the changed limits would start again is not ended by them', () => {
  const saved: SavedKey[] = [{ key: A, judge: 'what was', firing: firing(NOW) }];
  const { started } = bench({}, { isStillBad: () => true }, saved);
  assert.deepEqual(
    started.map(({ isChanged }) => isChanged),
    [false],
  );
});
