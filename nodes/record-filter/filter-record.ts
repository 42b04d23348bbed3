import { spanText } from '../../lib/duration.ts';
import { type InfraRecord, record, Severity } from '../../lib/record.ts';
import type { Translate } from '../../lib/status.ts';
import type { Dropped } from './counts.ts';

export interface FilterRecordOptions {
  /** The filter's node. */
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly windowMs: number;
  /** `RED._`. */
  readonly translate: Translate;
}

/** The contract's `filter` record: what a filter dropped in one window. `nowMs` is the window's end in ms since the epoch. */
export function filterRecord(
  { key, reason, count }: Dropped,
  options: FilterRecordOptions,
  nowMs: number,
): InfraRecord {
  const { id, name, host, windowMs, translate } = options;
  const word = key === undefined ? reason : 'key';
  const args = { name, count, key: key ?? '', span: spanText(windowMs / 1000) };
  return record(
    {
      message: translate(`record-filter.record.${word}`, args),
      log_type: 'filter',
      time: new Date(nowMs).toISOString(),
      host,
      level: Severity.info,
      event_id: `filter-${host}-${id}-${nowMs}-${reason}-${key ?? ''}`,
    },
    { filter_name: name, filter_key: key, records_filtered: count, filter_window_seconds: windowMs / 1000 },
  );
}
