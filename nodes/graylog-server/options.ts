import { settingOr } from '../../lib/environment.ts';
import { type NumberField, numberOf } from '../../lib/number-field.ts';
import { DEFAULT_CHUNK_BYTES } from './chunk.ts';

/** The numbers of the dialog as it keeps them: text. What is missing has the default. */
export interface DeliveryConfig {
  compression?: string;
  chunkBytes?: string;
  bufferMegabytes?: string;
  diskMegabytes?: string;
  maxAgeHours?: string;
  overflow?: string;
  replaySeconds?: string;
  confirmSeconds?: string;
  renewMinutes?: string;
  bulk?: boolean;
  gzip?: boolean;
  exchange?: string;
  routingKey?: string;
}

/** The queue that Graylog's dialog of an AMQP input proposes, and declares. */
export const DEFAULT_QUEUE = 'log-messages';

/** Where records go at a broker: to an exchange, or, where that is blank, to the queue that the routing key names. */
function brokerRoute({ exchange, routingKey }: DeliveryConfig) {
  const name = String(settingOr(exchange, '')).trim();
  const key = String(settingOr(routingKey, DEFAULT_QUEUE)).trim();
  return { exchange: name, routingKey: name === '' && key === '' ? DEFAULT_QUEUE : key };
}

const FIELD = { blank: 'initial' } as const;

/** What each number may be. A chunk of 8,192 bytes is what Graylog's documentation allows on a local network. */
export const FIELDS = {
  chunkBytes: { ...FIELD, minimum: 512, maximum: 8_192, initial: String(DEFAULT_CHUNK_BYTES) },
  bufferMegabytes: { ...FIELD, minimum: 1, maximum: 1_024, initial: '32' },
  diskMegabytes: { ...FIELD, minimum: 0, maximum: 1_048_576, initial: '1024' },
  maxAgeHours: { ...FIELD, minimum: 0, maximum: 8_760, initial: '168' },
  confirmSeconds: { ...FIELD, minimum: 0, maximum: 60, initial: '3' },
  replaySeconds: { ...FIELD, minimum: 0, maximum: 60, initial: '5' },
  renewMinutes: { ...FIELD, minimum: 0, maximum: 1_440, initial: '0' },
} as const satisfies { readonly [name: string]: NumberField };

const COMPRESSIONS = ['gzip', 'zlib', 'none'] as const;
const OVERFLOWS = ['oldest', 'newest'] as const;

const MEBIBYTE = 1024 * 1024;
const REPLAY_SIZE = 16 * MEBIBYTE;
/** What is not confirmed so long after it should be is written to disk: a real Graylog takes half a second. */
const KEEP_MORE_MS = 2_000;
const MAX_KEEP_AFTER_MS = 7_000;
/** It is looked for twice a second, and the disk takes a moment. */
const KEEP_TAKES_MS = 1_000;

/** The number of a field; its initial value where it is missing, blank or out of its range. */
function numberIn(field: NumberField, value: unknown): number {
  const number = numberOf(field, value);
  return number === undefined || Number.isNaN(number) ? Number(field.initial) : number;
}

/** The dialog's values for a shipper and its transports. */
export function deliveryOptions(config: DeliveryConfig) {
  const number = (name: keyof typeof FIELDS): number => numberIn(FIELDS[name], config[name]);
  const replaySeconds = number('replaySeconds');
  const confirmMs = number('confirmSeconds') * 1000;
  const keepAfterMs = Math.min(confirmMs + KEEP_MORE_MS, MAX_KEEP_AFTER_MS);
  return {
    windowMs: keepAfterMs + KEEP_TAKES_MS,
    compression: COMPRESSIONS.find((known) => known === config.compression) ?? 'gzip',
    chunkBytes: Math.floor(number('chunkBytes')),
    bulk: config.bulk === true,
    gzip: config.gzip === true,
    broker: brokerRoute(config),
    buffer: {
      memorySize: number('bufferMegabytes') * MEBIBYTE,
      diskSize: number('diskMegabytes') * MEBIBYTE,
      maxAgeMs: number('maxAgeHours') * 3_600_000,
      overflow: OVERFLOWS.find((known) => known === config.overflow) ?? ('oldest' as const),
    },
    shipper: {
      replaySize: replaySeconds === 0 ? 0 : REPLAY_SIZE,
      replayMs: replaySeconds * 1000,
      confirmMs,
      keepAfterMs,
      returnMs: 30_000,
      firstWaitMs: 2_000,
      flushMs: 3_000,
      renewMs: number('renewMinutes') * 60_000,
    },
  };
}

export type DeliveryOptions = ReturnType<typeof deliveryOptions>;
