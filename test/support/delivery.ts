import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import type { Resolver } from '../../lib/io/resolver.ts';
import { parseEndpoints } from '../../nodes/graylog-server/endpoint.ts';
import type { StorageEvent } from '../../nodes/graylog-server/io/buffer/reopening-store.ts';
import { Delivery } from '../../nodes/graylog-server/io/ship/delivery.ts';
import { createTransportFactory } from '../../nodes/graylog-server/io/transports/factory.ts';
import { type DeliveryConfig, deliveryOptions } from '../../nodes/graylog-server/options.ts';
import type { ShipperState } from '../../nodes/graylog-server/shipper-state.ts';
import type { Document } from './graylog.ts';

export interface TestDelivery {
  readonly delivery: Delivery;
  readonly userDir: string;
  readonly states: ShipperState[];
  readonly storage: StorageEvent[];
  /** Numbers of the messages whose `done` was called with an error. */
  readonly refused: number[];
  /** Ships messages `from` to `to` (without it) as fast as turns of the event loop go, `perTurn` in each. */
  ship(from: number, to: number, perTurn?: number): Promise<void>;
}

export interface TestDeliveryOptions {
  url: string;
  userDir?: string;
  config?: DeliveryConfig;
  tls?: ConnectionOptions;
  /** How soon a server further up in the list is looked for. */
  returnMs?: number;
  resolver?: Resolver;
  /** The host that its messages name. */
  host?: string;
  /** Hears each state in the moment when it changes. */
  onState?: (state: ShipperState) => void;
}

/** What `graylog-server` does, without Node-RED around it. It is closed when the test ends. */
export function openDelivery(t: Pick<TestContext, 'after'>, options: TestDeliveryOptions): TestDelivery {
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  const states: ShipperState[] = [];
  const storage: StorageEvent[] = [];
  const refused: number[] = [];
  const chosen = deliveryOptions(options.config ?? {});
  const endpoints = parseEndpoints(options.url);
  const delivery = new Delivery({
    userDir,
    id: 'test',
    options: { ...chosen, shipper: { ...chosen.shipper, returnMs: options.returnMs ?? chosen.shipper.returnMs } },
    endpoints: () => endpoints,
    createTransport: createTransportFactory(chosen, {
      tls: () => options.tls ?? {},
      authorization: undefined,
      ...(options.resolver === undefined ? {} : { resolver: options.resolver }),
    }),
    onState: (state) => {
      states.push(state);
      options.onState?.(state);
    },
    onStorage: (event) => storage.push(event),
    onPressure: () => undefined,
  });
  delivery.start();
  t.after(async () => {
    await delivery.close();
    if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true });
  });
  return {
    delivery,
    userDir,
    states,
    storage,
    refused,
    async ship(from, to, perTurn = 200) {
      for (let n = from; n < to; n += 1) {
        delivery.shipFields(message(n, options.host), undefined, (error) => {
          if (error !== undefined) refused.push(n);
        });
        if (n % perTurn === 0) await nextTurn();
      }
    },
  };
}

const PADDING = 'Failed password for invalid user admin from 203.0.113.77 port 52022 ssh2'.repeat(3);

function message(n: number, host = 'test') {
  return { short_message: `${n} ${PADDING}`, host, timestamp: 1_795_000_000, level: 6, event_id: `e-${n}`, n };
}

/** The numbers in the order in which they arrived first: repeats are left out, and what has no number. */
export function firstArrivals(documents: readonly Document[]): number[] {
  return [...new Set(documents.map((document) => Number(document._n)).filter((n) => !Number.isNaN(n)))];
}

const counted = new WeakMap<readonly Document[], { next: number; numbers: Set<unknown> }>();

/** Whether every number from 0 to `count` (without it) has arrived. Asked after each arrival: it looks at new ones alone. */
export function hasAll(documents: readonly Document[], count: number): boolean {
  const seen = counted.get(documents) ?? { next: 0, numbers: new Set() };
  counted.set(documents, seen);
  for (; seen.next < documents.length; seen.next += 1) {
    const n = documents[seen.next]?._n;
    if (n !== undefined) seen.numbers.add(n);
  }
  return seen.numbers.size >= count;
}
