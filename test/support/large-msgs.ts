/** Msgs that take long to look at or much to copy: each makes a payload, and says nothing of what becomes of it. */

const MB = 1e6;

/** As it comes from a socket or a file: one piece of memory, which nothing else holds. */
function textOf(bytes: number, character: string): string {
  return Buffer.alloc(bytes, character).toString('latin1');
}

function astralOf(bytes: number): string {
  return Buffer.alloc(bytes, Buffer.from('\ud83d\udc4d', 'utf16le')).toString('utf16le');
}

/** `o = [o, o]`, so many times: 2^n leaves of a handful of objects. */
function doubled(times: number, pair: (value: unknown) => unknown): unknown {
  let value: unknown = 'x';
  for (let n = 0; n < times; n += 1) value = pair(value);
  return value;
}

function keys(count: number, value: unknown): { [key: string]: unknown } {
  const made: { [key: string]: unknown } = {};
  for (let n = 0; n < count; n += 1) made[`key${n}`] = value;
  return made;
}

export const LARGE_PAYLOADS: { readonly [name: string]: () => unknown } = {
  'text of 10 MB': () => textOf(10 * MB, 'x'),
  'text of 100 MB': () => textOf(100 * MB, 'x'),
  'text of 500 MB': () => textOf(500 * MB, 'x'),
  'quotes of 100 MB': () => textOf(100 * MB, '"'),
  'control characters of 100 MB': () => textOf(100 * MB, '\x1b'),
  'line breaks of 100 MB': () => `m${textOf(100 * MB, '\n')}`,
  'blanks of 100 MB and a word': () => `${textOf(100 * MB, ' ')}x`,
  'astral characters of 100 MB': () => astralOf(100 * MB),
  'a Buffer of 100 MB': () => Buffer.alloc(100 * MB, 'x'),
  'a Buffer of 500 MB': () => Buffer.alloc(500 * MB, 'x'),
  'a Buffer of 100 MB that is no text': () => Buffer.alloc(100 * MB, 0xff),
  'the message of an object, 100 MB': () => ({ message: textOf(100 * MB, 'x'), time: '2026-01-01T00:00:00.000Z' }),
  'the full message, 100 MB': () => ({ message: 'm', full_message: textOf(100 * MB, '"') }),
  'a field of 100 MB': () => ({ message: 'm', field: textOf(100 * MB, 'x') }),
  'a field that is a Buffer of 100 MB': () => ({ message: 'm', field: Buffer.alloc(100 * MB) }),
  'a Buffer in a list': () => ({ message: 'm', field: [Buffer.alloc(100 * MB)] }),
  'numbers of a typed array': () => ({ message: 'm', field: new Float64Array(10 * MB) }),
  'an error of 100 MB': () => ({ message: 'm', field: new Error(textOf(100 * MB, 'x')) }),
  'every key of the envelope 50 MB': () =>
    Object.fromEntries(
      ['message', 'host', 'time', 'level', 'log_type', 'event_id', 'full_message'].map((key) => [
        key,
        textOf(50 * MB, 'x'),
      ]),
    ),
  'a host of blanks': () => ({ message: 'm', host: textOf(100 * MB, ' ') }),
  'a level of blanks, a time of digits': () => ({
    message: 'm',
    level: textOf(50 * MB, ' '),
    time: textOf(50 * MB, '7'),
  }),
  'a list of texts, 10 MB each': () => ({ message: 'm', list: new Array(50).fill(textOf(10 * MB, 'x')) }),
  'pairs of pairs as the payload': () => doubled(25, (value) => [value, value]),
  'pairs of pairs in a field': () => ({ message: 'm', field: doubled(25, (value) => [value, value]) }),
  'pairs of pairs of objects': () => ({ message: 'm', field: doubled(25, (value) => ({ a: value, b: value })) }),
  'pairs of pairs that give nothing': () => ({
    message: 'm',
    field: doubled(25, (value) => (value === 'x' ? undefined : { a: value, b: value })),
  }),
  '200 fields of pairs of pairs': () => ({
    message: 'm',
    ...keys(
      200,
      doubled(25, (value) => [value, value]),
    ),
  }),
  '200 fields of control characters': () => ({ message: 'm', ...keys(200, textOf(40_000, '\x1b')) }),
  '200 fields of changes of direction': () => ({ message: 'm', ...keys(200, '\u202e'.repeat(40_000)) }),
  '200,000 keys': () => ({ message: 'm', ...keys(200_000, 'x') }),
  '200,000 keys without a value': () => ({ message: 'm', ...keys(200_000, undefined) }),
  '200,000 keys in a field': () => ({ message: 'm', field: [keys(200_000, 'x')] }),
  'a key of 100 MB': () => ({ message: 'm', [textOf(100 * MB, 'k')]: 1, [textOf(100 * MB, '_')]: 2 }),
  'a list of 10,000,000': () => ({ message: 'm', field: new Array(10 * MB).fill(7) }),
  'a list of 10,000,000 as the payload': () => new Array(10 * MB).fill(7),
  'a list of nothing, 4,000,000,000 long': () => ({ message: 'm', field: new Array(4e9) }),
  'objects 1,000,000 deep': () => ({ message: 'm', field: doubled(1e6, (value) => ({ d: value })) }),
  'lists 1,000,000 deep': () => ({ message: 'm', field: doubled(1e6, (value) => [value]) }),
  'a bigint of 10,000,000 digits': () => ({ message: 'm', field: 1n << 33_000_000n }),
  'a proxy that has every index': () => ({
    message: 'm',
    field: new Proxy([], { get: (_, key) => (key === 'length' ? 1e9 : key === 'toJSON' ? undefined : 'x') }),
  }),
  'a toJSON that makes ever more': () => {
    const more = { toJSON: () => ({ a: { ...more }, b: { ...more } }) };
    return { message: 'm', field: more };
  },
  'a getter that throws': () => ({
    message: 'm',
    get field(): string {
      throw new Error('this cannot be read');
    },
  }),
};
