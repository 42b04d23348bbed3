/** Addresses as bytes, networks of them, and which of them are inside: of this host, or of the networks around it. */

export interface Network {
  bytes: readonly number[];
  /** How many of the bits count. */
  bits: number;
}

function ipv4Bytes(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

function groupBytes(text: string): number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

function ipv6Bytes(text: string): number[] | undefined {
  // The URL parser knows every way to write one, and writes it in one.
  const address = `http://[${text}]/`;
  if (!text.includes(':') || !URL.canParse(address)) return undefined;
  const [head = '', tail = ''] = new URL(address).hostname.slice(1, -1).split('::');
  const [first, last] = [groupBytes(head), groupBytes(tail)];
  return [...first, ...Array<number>(16 - first.length - last.length).fill(0), ...last];
}

/** The 4 or 16 bytes of an address, with or without brackets and zone; undefined where the text is none. */
export function addressBytes(text: string): number[] | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  return ipv4Bytes(bare) ?? ipv6Bytes(bare);
}

/** Reads `10.0.0.0/8`, `fc00::/7`, or an address alone; undefined where it is something else. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const bytes = addressBytes(address);
  if (bytes === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { bytes, bits: bytes.length * 8 };
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return bits <= bytes.length * 8 ? { bytes, bits } : undefined;
}

export function isWithin(address: readonly number[], { bytes, bits }: Network): boolean {
  if (address.length !== bytes.length) return false;
  return bytes.every((byte, index) => {
    const counting = Math.min(8, Math.max(0, bits - index * 8));
    return byte >> (8 - counting) === (address[index] ?? 0) >> (8 - counting);
  });
}

const networks = (texts: readonly string[]): Network[] => texts.flatMap((text) => parseNetwork(text) ?? []);

/** Unspecified, private, shared by a provider's customers (CGNAT), loopback, link-local (RFC 6890, RFC 4193, RFC 3879). */
const INSIDE = networks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::/128',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
]);

/** IPv6 that leads to the IPv4 address within it, and where that begins: mapped, compatible, translated, NAT64, 6to4. */
const CARRIERS = networks(['::ffff:0:0/96', '::/96', '::ffff:0:0:0/96', '64:ff9b::/96']).map((network) => ({
  network,
  from: 12,
}));
const SIX_TO_FOUR = { network: { bytes: [0x20, 0x02, ...Array<number>(14).fill(0)], bits: 16 }, from: 2 };

/** Whether it is an address inside. What is no address counts as one: nobody can say where it leads. */
export function isInside(text: string): boolean {
  const bytes = addressBytes(text);
  if (bytes === undefined) return true;
  if (INSIDE.some((network) => isWithin(bytes, network))) return true;
  return [...CARRIERS, SIX_TO_FOUR].some(({ network, from }) => {
    if (!isWithin(bytes, network)) return false;
    const carried = bytes.slice(from, from + 4);
    return INSIDE.some((inside) => isWithin(carried, inside));
  });
}
