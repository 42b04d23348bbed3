// Risk: damage of a kind that nobody thought of ends Node-RED, sticks, or takes records away in silence.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { keysOf } from '../../../nodes/graylog-server/io/buffer/queue.ts';
import type { RecordBuffer } from '../../../nodes/graylog-server/io/buffer/record-buffer.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { openBuffer, ROOMY } from '../../support/record-buffer.ts';
import { range } from '../../support/stored-messages.ts';

const RECORDS = 2_000;
const ROUNDS = 40;

/** Numbers that are the same in each run, below `limit`. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Random = (limit: number) => number;

const DAMAGES: readonly ((path: string, bytes: Buffer, random: Random) => void)[] = [
  (path) => rmSync(path),
  (path, bytes, random) => truncateSync(path, random(bytes.length + 1)),
  (path, bytes, random) => {
    const at = random(bytes.length);
    writeFileSync(path, bytes.fill(0, at, Math.min(bytes.length, at + random(5_000))));
  },
  (path, bytes, random) => {
    for (let bits = 1 + random(30); bits > 0 && bytes.length > 0; bits -= 1) {
      const at = random(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << random(8));
    }
    writeFileSync(path, bytes);
  },
];

/** Damages one to three files of a store, and names what it did. */
function spoil(folder: string, random: Random): string {
  const done: string[] = [];
  for (let times = 1 + random(3); times > 0; times -= 1) {
    const names = readdirSync(folder).filter((name) => !/^LO(CK|G)/.test(name));
    const kind = random(DAMAGES.length);
    const path = join(folder, names[random(names.length)] ?? '');
    if (names.length > 0) DAMAGES[kind]?.(path, readFileSync(path), random);
    done.push(`${kind} ${path}`);
  }
  return done.join(', ');
}

async function numbersIn(buffer: RecordBuffer): Promise<Set<number>> {
  const numbers = new Set<number>();
  await buffer.open();
  while (buffer.waiting > 0) {
    const batch = await buffer.dequeueBatch(ROOMY);
    for (const { text } of batch) numbers.add(Number.parseInt(text, 10));
    buffer.releaseBatches(keysOf(batch));
    await nextTurn();
  }
  await buffer.close();
  return numbers;
}

/** A store of several tables and a log. */
async function fill(t: TestContext, path: string): Promise<void> {
  const { buffer, enqueue } = openBuffer(t, { path, diskSize: 4_000_000 });
  buffer.setAway(true);
  const random = randomNumbers(7);
  const noise = (): string => Array.from({ length: 20 }, () => random(1e9)).join('');
  for (const n of range(0, RECORDS / 100)) {
    await enqueue(...range(n * 100, (n + 1) * 100).map((number) => `${number} ${noise()}`));
  }
  await buffer.close();
}

test('after any damage the buffer gives what is left, once, and counts and says the rest', async (t) => {
  const path = join(temporaryFolder(), 'buffer-a-main');
  await fill(t, path);
  for (const round of range(1, ROUNDS + 1)) {
    const copy = join(temporaryFolder(), 'buffer-a-main');
    cpSync(path, copy, { recursive: true });
    cpSync(`${path}.ledger`, `${copy}.ledger`);
    const what = `round ${round}: ${spoil(copy, randomNumbers(round))}`;
    const opened = openBuffer(t, { path: copy, diskSize: 4_000_000 });
    const arrived = await numbersIn(opened.buffer);
    assert.equal(arrived.size + opened.dropped, RECORDS, what);
    const isSaid = opened.storage.some((event) => /^(partlyLost|damaged)/.test(event));
    assert.equal(isSaid, opened.dropped > 0, `${what}: ${opened.storage}`);
    const again = openBuffer(t, { path: copy });
    assert.equal((await numbersIn(again.buffer)).size, 0, what);
    assert.equal(again.dropped, 0, what);
  }
});
