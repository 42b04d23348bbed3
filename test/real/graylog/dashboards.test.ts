// Risk: a widget stays empty though its records are there.
import { test } from 'node:test';
import { type GraylogClient, realGraylog, withGraylog } from '../../support/graylog-real.ts';
import { sendRecords } from '../../support/graylog-records.ts';
import { fractionKeys, SILENT_REPORT, sources } from '../../support/graylog-sources.ts';
import { emptyWidgets } from '../../support/graylog-widgets.ts';
import { scriptModule } from '../../support/script.ts';
import { until } from '../../support/until.ts';

const { install } = await scriptModule<{ install(graylog: GraylogClient, options: object): Promise<unknown> }>(
  'graylog/install.js',
);
const WITHIN_MS = 240_000;
const INSTALLED_WITHIN_MS = 900_000;
/** Rings only when something is wrong: an event needs minutes, and another test waits for them. */
const LATER = ['What Graylog found, but alerts of hosts'];

test('every widget of every dashboard shows records of the default flow', {
  ...withGraylog,
  timeout: INSTALLED_WITHIN_MS,
}, async (t) => {
  const graylog = await realGraylog();
  await install(graylog, { sources, given: {}, fractionKeys, report: SILENT_REPORT });
  await sendRecords(graylog);
  const empty = async (): Promise<string[]> =>
    (await Promise.all(sources.dashboards.map(({ name }) => emptyWidgets(graylog, name))))
      .flat()
      .filter((title) => !LATER.includes(title));
  let last: string[] = [];
  await until(
    async () => {
      last = await empty();
      return last.length === 0;
    },
    WITHIN_MS,
    () => `widgets that show nothing: ${last.join(', ')}`,
  );
  const widgets = sources.dashboards.flatMap(({ pages }) => pages.flatMap((page) => page.widgets));
  t.diagnostic(`${widgets.length} widgets of ${sources.dashboards.length} dashboards show something`);
});
