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
  renewMinutes?: string;
  bulk?: boolean;
  gzip?: boolean;
}

interface Range {
  least: number;
  most: number;
  normal: number;
}

/** What each number may be. A chunk of 8,192 bytes is what Graylog's documentation allows on a local network. */
export const RANGES = {
  chunkBytes: { least: 512, most: 8_192, normal: DEFAULT_CHUNK_BYTES },
  bufferMegabytes: { least: 1, most: 1_024, normal: 32 },
  diskMegabytes: { least: 0, most: 1_048_576, normal: 1_024 },
  maxAgeHours: { least: 0, most: 8_760, normal: 168 },
  replaySeconds: { least: 0, most: 60, normal: 5 },
  renewMinutes: { least: 0, most: 1_440, normal: 0 },
} satisfies { [name: string]: Range };

export const COMPRESSIONS = ['gzip', 'zlib', 'none'] as const;
export const OVERFLOWS = ['oldest', 'newest'] as const;

/** The number when it is in its range, or undefined. A missing or blank value is the default. */
export function numberIn({ least, most, normal }: Range, value: unknown): number | undefined {
  if (value === undefined || value === null || String(value).trim() === '') return normal;
  const number = Number(value);
  return Number.isFinite(number) && number >= least && number <= most ? number : undefined;
}

const MEBIBYTE = 1024 * 1024;
const REPLAY_SIZE = 16 * MEBIBYTE;

/** The dialog's values for a shipper and its transports; a value out of its range counts as missing. */
export function deliveryOptions(config: DeliveryConfig) {
  const number = (name: keyof typeof RANGES): number => numberIn(RANGES[name], config[name]) ?? RANGES[name].normal;
  const replaySeconds = number('replaySeconds');
  return {
    compression: COMPRESSIONS.find((known) => known === config.compression) ?? 'gzip',
    chunkBytes: Math.floor(number('chunkBytes')),
    bulk: config.bulk === true,
    gzip: config.gzip === true,
    buffer: {
      memorySize: number('bufferMegabytes') * MEBIBYTE,
      diskSize: number('diskMegabytes') * MEBIBYTE,
      maxAgeMs: number('maxAgeHours') * 3_600_000,
      overflow: OVERFLOWS.find((known) => known === config.overflow) ?? ('oldest' as const),
    },
    shipper: {
      replaySize: replaySeconds === 0 ? 0 : REPLAY_SIZE,
      replayMs: replaySeconds * 1000,
      returnMs: 30_000,
      flushMs: 3_000,
      renewMs: number('renewMinutes') * 60_000,
    },
  };
}

export type DeliveryOptions = ReturnType<typeof deliveryOptions>;
