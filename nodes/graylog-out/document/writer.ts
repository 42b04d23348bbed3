import { createEncoder } from '../../../lib/gelf-encoder.ts';
import type { NumberTexts } from '../../../lib/number-texts.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import type { DocumentWriter } from '../documents.ts';
import { BatchTexts } from './batch-texts.ts';
import { MAX_FIELDS } from './draft.ts';
import { FastWriter } from './fast-writer.ts';
import { createShaper, type ShapeFault, type ShapeOptions } from './shape.ts';
import { isPlain } from './value.ts';

/** A GELF document, and of its fields those that decide where it goes and whether it was sent before. */
export interface Written {
  readonly document: string;
  readonly eventId: unknown;
  readonly logType: unknown;
  readonly fault?: undefined;
}

/** The memory of a document that is written the short way. What of it is not used is not resident. */
const MEMORY_BYTES = 131_072;

/** Writes the documents of records the short way; of those that come together what each of them has at once. */
export function createDirectWriter({
  host,
  largestBytes,
  staticFields = {},
}: ShapeOptions): DocumentWriter<InfraRecord> {
  const fastWriter = new FastWriter({ host, largestBytes, staticFields, maxFields: MAX_FIELDS });
  const texts = new BatchTexts();
  return {
    begin: (records) => texts.begin(records),
    write: (record, memory, at) => fastWriter.write(record, memory, at, texts),
  };
}

/**
 * Turns the payload of any msg into a GELF document that Graylog neither rejects nor loses, or says why it cannot. Most
 * payloads have a time of their own, and asking the clock for each would be noticed: `nowMs` is asked for the others.
 */
export function createWriter(
  options: ShapeOptions,
): (
  payload: unknown,
  nowMs: () => number,
  overrides?: unknown,
  numbers?: NumberTexts,
) => Written | { fault: ShapeFault } {
  const { host, largestBytes, staticFields = {} } = options;
  const shape = createShaper(options);
  const encode = createEncoder();
  const fastWriter = new FastWriter({ host, largestBytes, staticFields, maxFields: MAX_FIELDS });
  const memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);

  const tryFast = (payload: unknown): string | undefined => {
    try {
      const end = isPlain(payload) ? fastWriter.write(payload, memory, 0) : -1;
      return end < 0 ? undefined : memory.toString('utf8', 0, end);
    } catch {
      // A getter of a user's own object throws: the general way says so.
      return undefined;
    }
  };

  return (payload, nowMs, overrides, numbers) => {
    const document = overrides === undefined && numbers === undefined ? tryFast(payload) : undefined;
    if (document !== undefined) {
      const { event_id: eventId, log_type: logType } = payload as { event_id?: unknown; log_type?: unknown };
      return { document, eventId, logType: logType ?? staticFields.log_type };
    }
    const { gelf, fault } = shape(payload, nowMs(), overrides);
    if (gelf === undefined) return { fault };
    return { document: encode(gelf, numbers), eventId: gelf.event_id, logType: gelf.log_type };
  };
}
