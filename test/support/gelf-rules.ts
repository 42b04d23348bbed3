/**
 * What Graylog rejects, drops or loses of a GELF document, after its GelfDecoder, its Message class and its index
 * templates: every rule broken is a sentence in the answer, none means that the document is stored as it was meant.
 */
export function brokenRules(text: string): string[] {
  let document: unknown;
  const wide: string[] = [];
  try {
    document = JSON.parse(text, (name, value, context?: { source?: string }) => {
      if (typeof value === 'number' && isWide(context?.source ?? '')) wide.push(name);
      return value;
    });
  } catch (error) {
    return [`not JSON: ${String(error)}`];
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return ['not an object'];
  const broken = wide.map((name) => `${name}: whole digits beyond 64 bits lose the upper ones`);
  const { host, short_message: message, timestamp, level, version } = document as Record<string, unknown>;
  if (version !== '1.1') broken.push('version is not "1.1"');
  if (typeof host !== 'string' || BLANK.test(host)) broken.push('host is not a non-empty string');
  if (typeof message !== 'string' || BLANK.test(message)) broken.push('short_message is not a non-empty string');
  if (typeof timestamp !== 'number' || timestamp <= 0) broken.push('timestamp is not a number of seconds');
  else if (timestamp > 1e11) broken.push('timestamp is in milliseconds: lost at indexing');
  if (!Number.isInteger(level) || (level as number) < 0 || (level as number) > 7) broken.push('level is not 0 to 7');
  for (const [name, value] of Object.entries(document)) broken.push(...brokenFieldRules(name, value));
  return broken;
}

/** Whether these are whole digits that 64 bits cannot hold. */
function isWide(source: string): boolean {
  return /^-?\d{19,}$/.test(source) && BigInt.asIntN(64, BigInt(source)) !== BigInt(source);
}

// What Java's `trim()` takes off is everything up to U+0020. White space without a break, as U+00A0, is not blank to it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const BLANK = /^(?:[\u0000-\u0020]|(?![\u00a0\u2007\u202f\ufeff])\s)*$/;
const STANDARD = new Set(['version', 'host', 'short_message', 'full_message', 'timestamp', 'level']);
const FORBIDDEN = new Set(['_id', '_source', '_message', '_timestamp', '_streams']);
const MAX_TERM_BYTES = 32_766;

function brokenFieldRules(name: string, value: unknown): string[] {
  const broken: string[] = [];
  if (!STANDARD.has(name)) {
    if (!name.startsWith('_')) broken.push(`${name}: an additional field without underscore`);
    if (!/^(?:_[A-Za-z0-9.@_-]|[A-Za-z0-9.@-])[A-Za-z0-9.@_-]*$/.test(name))
      broken.push(`${name}: a name that drops the field`);
    if (FORBIDDEN.has(name) || name.startsWith('_gl2_')) broken.push(`${name}: a forbidden name`);
    if (name.includes('.')) broken.push(`${name}: a dot becomes _ at indexing`);
  }
  if (typeof value === 'number' && !Number.isFinite(Math.fround(value))) {
    broken.push(`${name}: more than a float can be loses the message`);
  }
  if (typeof value === 'boolean' || value === null) broken.push(`${name}: ${value} is dropped without a word`);
  else if (typeof value === 'object') broken.push(`${name}: becomes a text of Graylog's making`);
  else if (typeof value === 'string' && name !== 'short_message' && name !== 'full_message') {
    if (Buffer.byteLength(value) > MAX_TERM_BYTES)
      broken.push(`${name}: over ${MAX_TERM_BYTES} bytes loses the message`);
  }
  return broken;
}
