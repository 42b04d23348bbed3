import { setImmediate as turn } from 'node:timers/promises';
import type { NodeAPI } from 'node-red';
import { adminRoute } from '../../lib/admin-route.ts';
import { shortSpanText } from '../../lib/duration.ts';
import { MonitoringError } from '../../lib/errors.ts';
import { type RingRecord, ringOn } from '../../lib/ring.ts';
import { ValueCollector } from '../../lib/ring-values.ts';
import { visible } from '../../lib/visible.ts';
import { compileRows } from './io/compile-rows.ts';
import { FilterPreview, type Reason } from './preview.ts';
import { type FilterConfig, type FilterSettings, readSettings } from './settings.ts';

/** A preview goes over so many records. */
const MOST_PREVIEWED = 1_000;
/** So many are read in one turn of the event loop: about a millisecond. */
const TURN_RECORDS = 100;

/** What the dialogs ask: the values that fields have had, and what unsaved settings would have done. */
export function registerRoutes(RED: NodeAPI): void {
  const eachRecord = async (hear: (record: RingRecord) => void, most?: number): Promise<void> => {
    const ring = ringOn(RED.events);
    if (ring === undefined) throw new MonitoringError('NO_RING');
    let count = 0;
    for (const record of ring.records(most)) {
      hear(record);
      count += 1;
      if (count % TURN_RECORDS === 0) await turn();
    }
  };

  adminRoute(RED, {
    method: 'get',
    path: '/infra-monitoring/values',
    permission: 'infra-monitoring.read',
    async answer() {
      const collector = new ValueCollector();
      await eachRecord(({ record }) => collector.add(record));
      return { fields: collector.result() };
    },
  });

  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/record-filter/preview',
    permission: 'infra-monitoring.read',
    async answer({ body }) {
      const settings = settingsIn(body);
      const preview = new FilterPreview(settings, compileRows(settings.rules));
      await eachRecord((record) => preview.add(record), MOST_PREVIEWED);
      const { last, ...counts } = preview.result();
      return {
        ...counts,
        last: last.map(({ why, message, source, time }) => ({
          ...{ time, source: visible(source), message: visible(message) },
          why: wordsFor(why, settings),
        })),
      };
    },
  });

  const wordsFor = (why: Reason, { limit }: FilterSettings): string =>
    RED._(`record-filter.why.${why.word}`, {
      row: 'row' in why ? why.row : 0,
      most: limit?.most ?? 0,
      span: shortSpanText((limit?.windowMs ?? 0) / 1000),
    });
}

/** Throws `WRONG_SETTING`, `RULES_…` or `RULE_…`. */
function settingsIn(body: unknown): FilterSettings {
  const config = (typeof body === 'object' && body !== null ? body : {}) as FilterConfig;
  const settings = readSettings(config);
  if ('wrong' in settings)
    throw new MonitoringError('WRONG_SETTING', { field: settings.wrong, value: String(config[settings.wrong]) });
  return settings;
}
