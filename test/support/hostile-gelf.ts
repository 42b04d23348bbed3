import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';

const GOOD = '{"version":"1.1","host":"h","short_message":"good","timestamp":1767225600}';
const BOMB = gzipSync(Buffer.alloc(32 * 1024 * 1024));
const HEADS = [
  '{',
  '[',
  '{"host":',
  '"',
  '\0',
  '\n',
  '}\n',
  '{"a":"',
  '\\',
  '\x1f\x8b',
  '\x1e\x0f',
  '\x78\x9c',
  '\xef\xbb\xbf',
  '{"__proto__":',
];
const TEXTS = [
  '{"host":"h","short_message":"m","timestamp":1e400,"_n":1e400}',
  '{"host":"h","short_message":"\ud800","_a":"\udfff"}',
  `{"host":"h","short_message":"m","_a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`,
  '{"host":"h","short_message":"m",}',
  '{"host":"h","short_message":"a\nb"}',
  '{"host":{},"short_message":[]}',
  'null',
  '1',
  '"text"',
];

const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

/** A chunk with a random header, or one of a message that never ends. */
function oddChunk(n: number): Buffer {
  const header = Buffer.concat([Buffer.from([0x1e, 0x0f]), randomBytes(n % 3 === 0 ? n % 11 : 10)]);
  return Buffer.concat([header, randomBytes(n % 1_400)]);
}

/** Cuts, repeats and turns bytes of something that would be taken. */
function mutated(n: number): Buffer {
  const bytes = Buffer.from(n % 4 === 0 ? gzipSync(GOOD) : n % 4 === 1 ? deflateSync(GOOD) : Buffer.from(GOOD));
  for (let i = 0; i < 1 + (n % 5); i += 1) bytes[(n * 31 + i * 17) % bytes.length] = (n * 7 + i) & 0xff;
  return n % 7 === 0 ? bytes.subarray(0, n % bytes.length) : bytes;
}

/** The `n`th of endless hostile datagrams and frames: random, odd, cut, and packed so that little becomes much. */
export function hostileBytes(n: number): Buffer {
  switch (n % 8) {
    case 0:
      return randomBytes(n % 512);
    case 1:
      return oddChunk(n);
    case 2:
      return Buffer.concat([Buffer.from(pick(HEADS, n >> 3), 'latin1'), randomBytes(n % 200)]);
    case 3:
      return Buffer.from(pick(TEXTS, n >> 3));
    case 4:
      return n % 1_000 === 4 ? BOMB : mutated(n);
    default:
      return mutated(n);
  }
}

/** A document that must still be taken after all of them. */
export const GOOD_DOCUMENT = GOOD;
