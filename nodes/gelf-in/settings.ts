import { configured } from '../../lib/environment.ts';
import { MOST_BODY_BYTES, MOST_FRAME_BYTES } from '../../lib/gelf-limits.ts';
import { type NumberField, numberOf } from '../../lib/number-field.ts';
import { parsePort } from '../../lib/port.ts';
import { networkTest } from '../../lib/rules/network.ts';

/** What the dialog sets, checked alike in the editor and at run time. A property that is missing has its default. */

const TRANSPORTS = ['udp+tcp', 'udp', 'tcp', 'http'] as const;
export type TransportChoice = (typeof TRANSPORTS)[number];

export interface GelfInProperties {
  transport: string;
  /** Empty: 12201, the port of GELF. */
  port: string;
  /** Empty: all addresses of this machine. */
  address: string;
  /** The id of a tls-config node; it makes TCP TLS and HTTP HTTPS. */
  tls: string;
  /** Addresses and networks that may send; empty: all. */
  senders: string;
  mostKilobytes: string;
  connections: string;
  memoryMegabytes: string;
  holdSeconds: string;
}

export interface Settings {
  readonly isUdp: boolean;
  readonly isTcp: boolean;
  readonly isHttp: boolean;
  readonly port: number;
  readonly address: string | undefined;
  /** The largest frame or body, in bytes; that of HTTP after unpacking. */
  readonly mostBytes: number;
  readonly connections: number;
  /** Of what is not handed on yet, in bytes. */
  readonly memoryBytes: number;
  /** How long senders over TCP wait where a `graylog-server` behind has no room, in ms. */
  readonly holdMs: number;
  isAllowed(address: string): boolean;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

const DEFAULT_PORT = 12_201;

export const FIELDS = {
  mostKilobytes: { initial: '', minimum: 1, maximum: 65_536, blank: 'off' },
  connections: { initial: '1024', minimum: 1, maximum: 65_536, blank: 'initial', whole: true },
  memoryMegabytes: { initial: '64', minimum: 1, maximum: 4_096, blank: 'initial' },
  holdSeconds: { initial: '5', minimum: 0, maximum: 3_600, blank: 'initial' },
} as const satisfies { readonly [name: string]: NumberField };

export function isTransport(value: unknown): boolean {
  return (configured(value) ?? TRANSPORTS[0]) in NAMES;
}

const NAMES: { readonly [name in TransportChoice]: readonly [isUdp: boolean, isTcp: boolean, isHttp: boolean] } = {
  'udp+tcp': [true, true, false],
  udp: [true, false, false],
  tcp: [false, true, false],
  http: [false, false, true],
};

export function isPort(value: unknown): boolean {
  return configured(value) === undefined || parsePort(value) !== undefined;
}

const ADDRESS = /^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:%[\w.-]+)?|localhost)$/;

/** A name would be looked up, and may be another machine's tomorrow. */
export function isAddress(value: unknown): boolean {
  const address = configured(value);
  return address === undefined || ADDRESS.test(address);
}

export function areSenders(value: unknown): boolean {
  const senders = configured(value);
  return senders === undefined || networkTest(senders) !== undefined;
}

const CHECKS: { readonly [property: string]: (value: unknown) => boolean } = {
  transport: isTransport,
  port: isPort,
  address: isAddress,
  senders: areSenders,
  ...Object.fromEntries(
    Object.entries(FIELDS).map(([name, field]) => [
      name,
      (value: unknown) => !Number.isNaN(numberOf(field as NumberField, value)),
    ]),
  ),
};

/** The settings, or the name of the property that cannot be used. */
export function readSettings(properties: Partial<GelfInProperties>): Settings | { wrong: string } {
  for (const [name, isGood] of Object.entries(CHECKS)) {
    if (!isGood(Reflect.get(properties, name))) return { wrong: name };
  }
  const number = (name: keyof typeof FIELDS): number | undefined => numberOf(FIELDS[name], properties[name]);
  const transport = (configured(properties.transport) ?? TRANSPORTS[0]) as TransportChoice;
  const [isUdp, isTcp, isHttp] = NAMES[transport];
  const kilobytes = number('mostKilobytes');
  const senders = configured(properties.senders);
  return {
    ...{ isUdp, isTcp, isHttp },
    port: parsePort(properties.port ?? '') ?? DEFAULT_PORT,
    address: configured(properties.address),
    mostBytes: kilobytes === undefined ? (isHttp ? MOST_BODY_BYTES : MOST_FRAME_BYTES) : kilobytes * KIBIBYTE,
    connections: number('connections') ?? 0,
    memoryBytes: (number('memoryMegabytes') ?? 0) * MEBIBYTE,
    holdMs: (number('holdSeconds') ?? 0) * 1000,
    isAllowed: (senders === undefined ? undefined : networkTest(senders)) ?? (() => true),
  };
}
