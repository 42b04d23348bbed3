import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib';
import { adler32 } from '../../../../nodes/gelf-in/pack/adler.ts';
import { Inflater, MALFORMED, TOO_LARGE } from '../../../../nodes/gelf-in/pack/inflater.ts';

const MOST = 40_000;
const STRATEGIES = ['Z_DEFAULT_STRATEGY', 'Z_FILTERED', 'Z_HUFFMAN_ONLY', 'Z_RLE', 'Z_FIXED'] as const;

/** Numbers below `most`, the same in each run. */
function randomOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

/** From a single byte again and again to noise: the fewer different ones, the more there is to repeat. */
function contents(random: (most: number) => number): Buffer {
  const kinds = 1 + random(256);
  const length = random(random(4) === 0 ? MOST : 700);
  return Buffer.from(Array.from({ length }, () => (random(50) === 0 ? random(256) : random(kinds))));
}

test('whatever zlib packs, in whatever way, becomes what it was', () => {
  const inflater = new Inflater(new Uint8Array(MOST));
  const random = randomOf(1);
  for (let n = 0; n < 300; n += 1) {
    const bytes = n === 0 ? Buffer.alloc(0) : contents(random);
    const strategy = constants[STRATEGIES[n % STRATEGIES.length] as (typeof STRATEGIES)[number]];
    const packed = deflateRawSync(bytes, { level: random(10), strategy, memLevel: 1 + random(9) });
    // What is behind it is not looked at.
    const length = inflater.inflate(Buffer.concat([Buffer.alloc(3, 9), packed, Buffer.alloc(n % 12, n)]), 3);
    assert.equal(length, bytes.length, `case ${n}`);
    assert.ok(bytes.equals(inflater.output.subarray(0, length)), `case ${n}`);
    assert.equal(inflater.end, 3 + packed.length);
  }
});

test('what is broken, cut, or no Deflate at all is taken exactly where zlib takes it', () => {
  const inflater = new Inflater(new Uint8Array(MOST));
  const random = randomOf(2);
  for (let n = 0; n < 800; n += 1) {
    const strategy = constants[STRATEGIES[n % STRATEGIES.length] as (typeof STRATEGIES)[number]];
    const broken = spoilt(deflateRawSync(contents(random), { level: random(10), strategy }), n % 4, random);
    const length = inflater.inflate(broken, 0);
    const own = length < 0 ? length : Buffer.from(inflater.output.subarray(0, length));
    const expected = unpackedByZlib(broken);
    if (Buffer.isBuffer(own)) assert.ok(Buffer.isBuffer(expected) && own.equals(expected), `case ${n}`);
    else if (own === MALFORMED) assert.equal(expected, MALFORMED, `case ${n}`);
    else assert.equal(Buffer.isBuffer(expected), false, `case ${n}`);
  }
});

/** Cut, with another byte, with others at its start, or noise at its start. */
function spoilt(packed: Buffer, kind: number, random: (most: number) => number): Buffer {
  const broken = Buffer.from(kind === 0 ? packed.subarray(0, random(packed.length)) : packed);
  if (kind === 1) broken[random(broken.length)] = random(256);
  if (kind === 2) for (let k = 0; k < 3; k += 1) broken[random(Math.min(40, broken.length))] = random(256);
  if (kind === 3) for (let k = 0; k < Math.min(60, broken.length); k += 1) broken[k] = random(256);
  return broken;
}

function unpackedByZlib(packed: Buffer): Buffer | number {
  try {
    return inflateRawSync(packed, { maxOutputLength: MOST });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : MALFORMED;
  }
}

test('what becomes larger is given up at its bound, in each kind of block', () => {
  const inflater = new Inflater(new Uint8Array(1_000));
  for (const level of [0, 9]) {
    assert.equal(inflater.inflate(deflateRawSync(Buffer.alloc(1_000, 'ab'), { level }), 0), 1_000);
    assert.equal(inflater.inflate(deflateRawSync(Buffer.alloc(1_001, 'ab'), { level }), 0), TOO_LARGE);
    assert.equal(inflater.inflate(deflateRawSync(Buffer.alloc(50_000_000), { level }), 0), TOO_LARGE);
  }
});

test('the sum of bytes is the one that zlib writes', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(100_000, 255)]) {
    const packed = deflateSync(bytes);
    assert.equal(adler32(bytes), packed.readUInt32BE(packed.length - 4));
  }
});
