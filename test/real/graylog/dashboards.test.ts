// Risk: a widget stays empty though its records are there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GraylogClient, realGraylog, withGraylog } from '../../support/graylog-real.ts';
import { sendRecords } from '../../support/graylog-records.ts';
import { fractionKeys, SILENT_REPORT, sources } from '../../support/graylog-sources.ts';
import { scriptModule } from '../../support/script.ts';
import { until } from '../../support/until.ts';

interface Answer {
  readonly rows?: readonly { readonly values: readonly { readonly value: unknown }[] }[];
  readonly messages?: readonly object[];
  readonly events?: readonly object[];
}
interface Dashboard {
  readonly search_id: string;
  readonly state: {
    readonly [page: string]: {
      readonly titles: { readonly widget: { readonly [id: string]: string } };
      readonly widget_mapping: { readonly [id: string]: readonly string[] };
    };
  };
}

const { install } = await scriptModule<{ install(graylog: GraylogClient, options: object): Promise<unknown> }>(
  'graylog/install.js',
);
const { fixedId } = await scriptModule<{ fixedId(kind: string, name: string): string }>('graylog/ids.js');
const WITHIN_MS = 240_000;
const INSTALLED_WITHIN_MS = 900_000;
/** What a function of a field says that no message has. */
const EMPTY = ['null', 'undefined', 'NaN', 'Infinity', '-Infinity'];
/** Rings only when something is wrong: an event needs minutes, and another test waits for them. */
const LATER = ['What Graylog found, but alerts of hosts'];

/** The titles of the widgets of a dashboard that show nothing. */
async function emptyWidgets(graylog: GraylogClient, name: string): Promise<string[]> {
  const { search_id: id, state } = await graylog.get<Dashboard>(`/views/${fixedId('dashboard', name)}`);
  const { queries } = await graylog.get<{ queries: object[] }>(`/views/search/${id}`);
  const { results } = await graylog.post<{
    results: { [page: string]: { search_types: { [id: string]: Answer }; errors: { description: string }[] } };
  }>('/views/search/sync?timeout=30000', { id: fixedId('search', 'test'), queries, parameters: [] });
  return Object.entries(state).flatMap(([page, { titles, widget_mapping: mapping }]) => {
    const { search_types: answers, errors } = results[page] ?? { search_types: {}, errors: [] };
    assert.deepEqual(errors, [], name);
    return Object.entries(mapping)
      .filter(([, ids]) => !ids.some((one) => isFull(answers[one])))
      .map(([widget]) => titles.widget[widget] as string);
  });
}

function isFull({ rows = [], messages = [], events = [] }: Answer = {}): boolean {
  const values = rows.flatMap((row) => row.values.map(({ value }) => String(value)));
  return messages.length > 0 || events.length > 0 || values.some((value) => !EMPTY.includes(value));
}

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
