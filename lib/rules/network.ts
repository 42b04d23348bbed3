/** Addresses and networks as text, without the system's parser: the editor checks what is typed by the same code. */

interface Address {
  readonly version: 4 | 6;
  readonly bits: bigint;
}

const V4_WIDTH = 32n;
const V6_WIDTH = 128n;
const GROUPS = 8;
const LONGEST = 45;

/**
 * Tells whether an address lies in one of these networks: `192.0.2.0/24`, `2001:db8::/32`, or one address; several are
 * separated by commas. Undefined where the text is none of these. What is no address lies in no network; `::ffff:192.0.2.1`
 * and an IPv6 address with a zone are the address that they stand for.
 */
export function networkTest(text: string): ((address: string) => boolean) | undefined {
  const networks = text.split(',').map((part) => parseNetwork(part.trim()));
  if (networks.some((network) => network === undefined)) return undefined;
  return (candidate) => {
    const address = parseAddress(withoutZone(candidate));
    return address !== undefined && networks.some((network) => network?.(address) === true);
  };
}

function withoutZone(text: string): string {
  const zone = text.indexOf('%');
  return zone === -1 ? text : text.slice(0, zone);
}

function parseNetwork(text: string): ((address: Address) => boolean) | undefined {
  const [name = '', prefix, ...more] = text.split('/');
  const base = parseAddress(name);
  if (base === undefined || more.length > 0) return undefined;
  const width = base.version === 4 ? V4_WIDTH : V6_WIDTH;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? width : BigInt(prefix);
  if (length > width) return undefined;
  const shift = width - length;
  return ({ version, bits }) => version === base.version && bits >> shift === base.bits >> shift;
}

function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST) return undefined;
  if (!text.includes(':')) {
    const bits = parseV4(text);
    return bits === undefined ? undefined : { version: 4, bits };
  }
  const bits = parseV6(text);
  if (bits === undefined) return undefined;
  // `::ffff:192.0.2.1`: a client over IPv4 at a socket of both kinds.
  return bits >> V4_WIDTH === 0xffffn ? { version: 4, bits: bits & 0xffff_ffffn } : { version: 6, bits };
}

function parseV4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let bits = 0n;
  for (const digits of match.slice(1)) {
    // A leading zero is octal to some programs and decimal to others.
    if (Number(digits) > 255 || (digits.length > 1 && digits.startsWith('0'))) return undefined;
    bits = (bits << 8n) | BigInt(digits);
  }
  return bits;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = GROUPS - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** The groups of 16 bits between colons; the last one may be an address of IPv4. Undefined where one is none. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
