import fc from 'fast-check';

/** Arbitraries of what a user's own flow may put into a msg: everything that breaks a careless sender. */

const LIMIT = 32_766;

const longText = fc
  .tuple(fc.constantFrom('a', 'ä', '漢', '𝔘', '\u0001', '"', '\\', '\ud800'), fc.integer({ min: -3, max: 3 }))
  .chain(([unit, off]) =>
    fc.constantFrom(1, 3).map((times) => unit.repeat(Math.floor(LIMIT / Buffer.byteLength(unit)) * times + off)),
  );

const text = fc.oneof(
  { weight: 30, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 10, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 5, arbitrary: fc.constantFrom('', ' ', '\0', '\ud800', '\udc00x', '2026-11-23T10:00:00Z', '1e400', 'NaN') },
  { weight: 1, arbitrary: longText },
);

/** Names that Graylog keeps, that collide after cleaning, that JavaScript keeps, and any other. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...['_id', 'id', '__id', 'gl2_source', '_gl2_x', 'source', '_source', 'message', 'timestamp', 'streams', 'a.b'],
      ...[
        'a_b',
        'a b',
        'a_b_2',
        '_a_b',
        '',
        '_',
        '.',
        'ü',
        'host',
        'level',
        'full_message',
        'short_message',
        'version',
      ],
      ...['__proto__', 'constructor', 'hasOwnProperty', 'toJSON', 'toString', 'length', 'time', 'event_id', '2'],
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 40_000 }).map((length) => 'k'.repeat(length)) },
);

function thrower(): never {
  throw new Error('this cannot be read');
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const circular = (): object => {
  const loop: { [key: string]: unknown } = { name: 'loop' };
  loop.self = loop;
  loop.list = [loop, { again: loop }];
  return loop;
};

const deep = (depth: number, asArray: boolean): unknown => {
  let value: unknown = 'bottom';
  for (let i = 0; i < depth; i += 1) value = asArray ? [value] : { d: value };
  return value;
};

const oddity = fc.constantFrom<(() => unknown)[]>(
  circular,
  revoked,
  () => ({
    get broken() {
      return thrower();
    },
  }),
  () => ({ toJSON: thrower }),
  () => ({ toString: thrower, valueOf: thrower }),
  () => [{ toJSON: thrower }],
  () => new Proxy({ a: 1 }, { ownKeys: thrower }),
  () => new Proxy({ a: 1 }, { get: thrower }),
  () => new Proxy([], { getPrototypeOf: thrower }),
  () => new Date(Number.NaN),
  () => new Date(8.64e15),
  () => new Date(-1),
  () => Symbol('s'),
  () => () => 'function',
  () => class Some {},
  () => Object.assign(() => 1, { a: 1 }),
  () => new Map([['a', 1]]),
  () => new Set([1]),
  () => new Error('what happened'),
  () => Object.assign(new Error('x'), { message: 7 }),
  () => new Error('', { cause: circular() }),
  () => Buffer.from([0, 255, 128]),
  () => Buffer.from('text'),
  () => new Uint8Array(70_000).fill(7),
  () => new Float64Array([1, Number.NaN]),
  () => new ArrayBuffer(8),
  () => deep(50, false),
  () => deep(50, true),
  () => deep(20_000, false),
  () => deep(20_000, true),
  () => Object.create(null, { a: { value: 1, enumerable: true } }),
  () => Object.create({ inherited: 1 }),
  () => JSON.parse('{"__proto__":{"polluted":1}}'),
  () => /regular/g,
  () => Promise.resolve(1),
  () => new WeakMap(),
  () => Object(Symbol('boxed')),
  () => Object(1n),
  () => new Array(5),
  () => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i])),
  () => Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`f${i}`, 'v'.repeat(200)])),
);

/** Stands for a value that fast-check itself cannot handle, until the test begins. */
class Odd {
  readonly make: () => unknown;

  constructor(make: () => unknown) {
    this.make = make;
  }
}

function revive(value: unknown): unknown {
  if (value instanceof Odd) return value.make();
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const revived: object = Object.create(Object.getPrototypeOf(value));
  for (const [name, inner] of Object.entries(value)) {
    Object.defineProperty(revived, name, {
      value: revive(inner),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return revived;
}

const leafOf = fc.oneof(
  { weight: 12, arbitrary: text },
  { weight: 4, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, 1e21, 1.7e308) },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  { weight: 1, arbitrary: fc.bigInt() },
  { weight: 2, arbitrary: fc.date({ noInvalidDate: false }) },
  { weight: 2, arbitrary: oddity.map((make) => new Odd(make)) },
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    { weight: 8, arbitrary: leafOf },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'value' }) },
    { weight: 2, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 5, depthIdentifier: 'value' }) },
  ),
}));

/** Makes a payload of any kind; more often than not an object with a message. */
export const strangePayload: fc.Arbitrary<() => unknown> = fc
  .oneof(
    { weight: 2, arbitrary: value },
    {
      weight: 5,
      arbitrary: fc
        .tuple(fc.dictionary(key, value, { maxKeys: 8 }), fc.option(text), fc.option(value), fc.option(value))
        .map(([fields, message, time, level]) => ({
          ...fields,
          ...(message === null ? {} : { message: `m${message}` }),
          ...(time === null ? {} : { time }),
          ...(level === null ? {} : { level }),
        })),
    },
  )
  .map((payload) => () => revive(payload));
