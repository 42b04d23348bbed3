import type { EventEmitter } from 'node:events';
import type { Reach } from './reach.ts';
import type { Ring } from './ring.ts';
import { listenTogether } from './shared-listener.ts';

/**
 * What nodes that no wire connects say to each other on Node-RED's event bus (`RED.events`). Whoever begins to listen
 * asks, and hears the present from everybody who has something to say.
 */

/** The buffer of a `graylog-server` is nearly full, or no longer. */
export interface Pressure {
  /** The id of the config node. */
  readonly server: string;
  readonly full: boolean;
}

/** How long what a `graylog-server` was handed may be unconfirmed and not on disk either. */
export interface ConfirmationWindow {
  readonly server: string;
  readonly ms: number;
}

/**
 * Where the records of the last hour are kept; undefined once they no longer are. Records themselves do not go over the bus:
 * that would cost more than keeping them.
 */
export interface RingAnswer {
  readonly ring: Ring | undefined;
}

/** An `alert` has another state for one of its keys. */
export interface AlertState {
  /** The id and the name of the node. */
  readonly node: string;
  readonly name: string;
  /** The key as people see it. */
  readonly key: string;
  /** The alert's own id, the same from firing to resolved. */
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  readonly severity: string;
  readonly sinceMs: number;
  /** Whether people were told of it. */
  readonly isTold: boolean;
  /** When the silence by hand that holds it back ends, in ms since 1970; absent where there is none. */
  readonly silentUntilMs?: number | undefined;
  /** Whether somebody has said that it is known: it is not reminded of. */
  readonly isAcknowledged?: boolean;
}

/** A `notify` has told people the last word on an alert. */
export interface ToldAlert {
  /** The id of the `notify`. */
  readonly node: string;
  /** The alert's own id, the same from firing to resolved. */
  readonly id: string;
  readonly state: 'firing' | 'resolved';
}

/** A source must know when what it handed on is safe. Each `graylog-server` that it means answers with a promise. */
export interface SettleRequest {
  /** The ids of the config nodes; `all` where they are not known. */
  readonly servers: Reach;
  /** Takes a promise that resolves once everything taken by now is confirmed or on disk. */
  until(settled: Promise<void>): void;
}

/** A source lost records before they could be handed on: they count as dropped in the heartbeat of these servers. */
export interface LostRecords {
  readonly servers: Reach;
  readonly count: number;
}

/** The names on the bus, and what is said under them. */
export interface BusPayloads {
  'infra-monitoring:pressure': Pressure;
  'infra-monitoring:window': ConfirmationWindow;
  'infra-monitoring:ring': RingAnswer;
  'infra-monitoring:alert': AlertState;
  'infra-monitoring:told': ToldAlert;
  'infra-monitoring:settle': SettleRequest;
  'infra-monitoring:lost': LostRecords;
}

export type BusName = keyof BusPayloads;
export type Bus = Pick<EventEmitter, 'on' | 'off' | 'emit' | 'listeners'>;

/** The bus is open to everybody's nodes, and to other versions of this package. */
const PARSERS: { readonly [Name in BusName]: (value: unknown) => BusPayloads[Name] | undefined } = {
  'infra-monitoring:pressure': (value) => {
    const { server, full } = fieldsOf(value);
    return typeof server === 'string' && typeof full === 'boolean' ? { server, full } : undefined;
  },
  'infra-monitoring:window': (value) => {
    const { server, ms } = fieldsOf(value);
    const isTime = typeof ms === 'number' && ms >= 0 && ms <= MOST_MS;
    return typeof server === 'string' && isTime ? { server, ms } : undefined;
  },
  'infra-monitoring:ring': (value) => {
    const { ring } = fieldsOf(value);
    const { keeperFor, records } = fieldsOf(ring);
    const isRing = typeof keeperFor === 'function' && typeof records === 'function';
    return isRing || ring === undefined ? { ring: ring as Ring | undefined } : undefined;
  },
  'infra-monitoring:alert': (value) => {
    const { node, name, key, id, state, severity, sinceMs, isTold } = fieldsOf(value);
    const areTexts = [node, name, key, id, severity].every((text) => typeof text === 'string');
    const isState = state === 'firing' || state === 'resolved';
    return areTexts && isState && typeof sinceMs === 'number' && typeof isTold === 'boolean'
      ? (value as AlertState)
      : undefined;
  },
  'infra-monitoring:settle': (value) => {
    const { servers, until } = fieldsOf(value);
    return isReach(servers) && typeof until === 'function' ? (value as SettleRequest) : undefined;
  },
  'infra-monitoring:lost': (value) => {
    const { servers, count } = fieldsOf(value);
    const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count > 0;
    return isReach(servers) && isCount ? { servers, count } : undefined;
  },
  'infra-monitoring:told': (value) => {
    const { node, id, state } = fieldsOf(value);
    const isState = state === 'firing' || state === 'resolved';
    return typeof node === 'string' && typeof id === 'string' && isState ? { node, id, state } : undefined;
  },
};

/** A longer window than an hour would only make everything come twice. */
const MOST_MS = 3_600_000;

function isReach(value: unknown): value is Reach {
  return value === 'all' || value instanceof Set;
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {};
}

/** Says something to everybody who listens. */
export function say<Name extends BusName>(bus: Bus, name: Name, payload: BusPayloads[Name]): void {
  bus.emit(name, payload);
}

/** Hears what is said from now on. Returns a function that stops it. */
export function hear<Name extends BusName>(
  bus: Bus,
  name: Name,
  heard: (payload: BusPayloads[Name]) => void,
): () => void {
  return listenTogether(bus, name, (value) => {
    const payload = PARSERS[name](value);
    if (payload !== undefined) heard(payload);
  });
}

/** Asks everybody to say again what is so now. */
export function ask(bus: Bus, name: BusName): void {
  bus.emit(`${name}?`);
}

/** Calls `answer` whenever somebody asks. Returns a function that stops it. */
export function whenAsked(bus: Bus, name: BusName, answer: () => void): () => void {
  return listenTogether(bus, `${name}?`, answer);
}
