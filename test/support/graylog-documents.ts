/** GELF documents that are at the edge of what Graylog stores, and beyond it, as they stand on the wire. */

const BASE = '"version":"1.1","host":"h","short_message":"m","timestamp":1795460494.429,"level":6';

/** Each field has a name of its own: the first value of a field decides its type for all documents. */
function withField(value: string, name: string): string {
  return `{${BASE},"_${name}":${value}}`;
}

function without(key: string): string {
  const pairs = BASE.split(',').filter((pair) => !pair.startsWith(`"${key}"`));
  return `{${pairs.join(',')}}`;
}

function withPair(key: string, value: string): string {
  const other = without(key);
  return `${other.slice(0, -1)},"${key}":${value}}`;
}

const VALUES = [
  ...[
    '"text"',
    '""',
    '" "',
    '" a b\\t"',
    '"\\u0000"',
    '"\\u0001x\\u001b"',
    '"\\ud83d\\ude00"',
    '"\\n"',
    '"x\\u00a0"',
    '"\\u3000"',
  ],
  ...[
    '0',
    '-0.0',
    '1',
    '100.0',
    '1.5',
    '-1',
    '1e3',
    '1.0e+2',
    '9007199254740993',
    '9223372036854775807',
    '1e308',
    '5e-324',
  ],
  ...['9223372036854775808', '-9223372036854775809', '25055779323034050000', '2.505577932303405e+19', '1e+21'],
  ...['true', 'false', 'null', '{"a":1}', '[1,"b"]', '{}', '[]', '"2026-11-23T10:00:00.000Z"', '"NaN"'],
  `"${'x'.repeat(32_766)}"`,
  `"${'x'.repeat(32_767)}"`,
  `"${'ä'.repeat(16_383)}"`,
  `"${'ä'.repeat(16_384)}"`,
];

const NAMES = [
  '_id',
  '_source',
  '_message',
  '_timestamp',
  '_streams',
  '_gl2_mine',
  '_a.b',
  '_a b',
  '_ü',
  '_',
  '__x',
  '_@x',
  '_x-y',
  'plain',
];

/** The texts of documents, without the two fields by which a recording knows them. */
export const DOCUMENTS: readonly string[] = [
  ...VALUES.map((value, at) => withField(value, `edge_${at}`)),
  ...NAMES.map((name) => `{${BASE},"${name}":"named"}`),
  ...['version', 'host', 'short_message', 'timestamp', 'level'].map(without),
  ...['"1.0"', '"1.1"', '1.1', '"2"'].map((value) => withPair('version', value)),
  ...['""', '" "', '"\\u0000"', '7', 'null', '"h.example"'].map((value) => withPair('host', value)),
  ...['""', '" "', '"\\n\\t"', '"\\u0000"', '"\\u00a0"', '"\\u3000"', '"\\u200b"', '7', 'null', '{"a":1}'].map(
    (value) => withPair('short_message', value),
  ),
  ...['1795460494', '1795460494.429999', '0', '-1', '"1795460494.5"', '1795460494429', '"soon"', 'null'].map((value) =>
    withPair('timestamp', value),
  ),
  ...['0', '7', '8', '-1', '6.5', '"6"', '"info"', 'null'].map((value) => withPair('level', value)),
  withPair('full_message', `"${'y'.repeat(40_000)}"`),
  withPair('short_message', `"${'z'.repeat(40_000)}"`),
  withPair('full_message', '""'),
  `{${BASE},"_twice":1,"_twice":2}`,
  'not json',
  '[]',
  '"text"',
  '7',
  '{}',
  `{${BASE}`,
  `${BASE}}`,
  `  {${BASE},"_blanks":"x"}  `,
  `{${BASE},}`,
  `{${BASE},"_single":'x'}`,
];
