// A dashboard says each widget twice, as what is drawn and as what is asked: both halves say the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORD_KEYS } from '../../../../lib/record-keys.ts';
import { type DashboardSource, sources, streamIds, type WidgetSource } from '../../../support/graylog-sources.ts';
import { scriptModule } from '../../../support/script.ts';

interface Series {
  readonly id: string;
  readonly type: string;
  readonly field: string | null;
}
interface SearchType {
  readonly id: string;
  readonly type: string;
  readonly query: object;
  readonly streams: readonly string[];
  readonly timerange: object;
  readonly series?: readonly Series[];
  readonly row_groups?: readonly { readonly fields: readonly string[] }[];
  readonly sort?: readonly { readonly field: string }[];
}
interface Widget {
  readonly id: string;
  readonly query: object;
  readonly streams: readonly string[];
  readonly config: {
    readonly series?: readonly { readonly function: string; readonly config: { readonly name: string } }[];
    readonly formatting_settings?: {
      readonly chart_colors: readonly { readonly field_name: string; readonly chart_color: string }[];
    };
  };
}
interface Page {
  readonly titles: { readonly widget: { readonly [id: string]: string } };
  readonly widgets: readonly Widget[];
  readonly widget_mapping: { readonly [id: string]: readonly string[] };
  readonly positions: { readonly [id: string]: object };
}
interface Made {
  readonly queries: readonly { readonly id: string; readonly search_types: readonly SearchType[] }[];
  readonly state: { readonly [id: string]: Page };
}

const { dashboardOf } = await scriptModule<{ dashboardOf(one: DashboardSource, ids: Map<string, string>): Made }>(
  'graylog/dashboard.js',
);

const COLUMNS = 12;
/** What Graylog itself has, or a foreign line gets. */
const GRAYLOGS = ['source', 'timestamp', 'message', 'parse_error', 'key'];
const known = new Set([...Object.values(RECORD_KEYS).flatMap((keys) => Object.keys(keys)), ...GRAYLOGS]);

for (const one of sources.dashboards) {
  test(`${one.name}: what each widget draws is what is asked for it`, () => {
    const { queries, state } = dashboardOf(one, streamIds);
    assert.deepEqual(
      queries.map(({ id }) => id),
      Object.keys(state),
    );
    for (const { id, search_types: asked } of queries) {
      const page = state[id] as Page;
      const mapped = Object.values(page.widget_mapping).flat();
      assert.deepEqual(mapped.toSorted(), asked.map((search) => search.id).toSorted());
      assert.equal(new Set(mapped).size, mapped.length);
      for (const widget of page.widgets) {
        const searches = asked.filter((search) => page.widget_mapping[widget.id]?.includes(search.id));
        assert.ok(searches.length > 0, page.titles.widget[widget.id]);
        for (const search of searches) {
          assert.deepEqual([search.query, search.streams], [widget.query, widget.streams]);
          const drawn = widget.config.series?.map(({ function: text, config }) => [
            config.name,
            text.split(/[(),]/)[0],
          ]);
          assert.deepEqual(
            search.series?.map((series) => [series.id, series.type]),
            drawn,
          );
          for (const { field } of search.sort ?? [])
            assert.ok(search.type === 'messages' || drawnFunctions(widget).includes(field), field);
        }
      }
    }
  });

  test(`${one.name}: every widget has a title of its own and a place of its own`, () => {
    for (const { widgets } of one.pages) {
      assert.equal(new Set(widgets.map(({ title }) => title)).size, widgets.length);
      const taken = new Set<string>();
      for (const { title, place } of widgets) {
        const [column, row, width, height] = place;
        assert.ok(column >= 1 && column + width - 1 <= COLUMNS, title);
        for (let x = column; x < column + width; x += 1)
          for (let y = row; y < row + height; y += 1) {
            assert.ok(!taken.has(`${x} ${y}`), `"${title}" covers another`);
            taken.add(`${x} ${y}`);
          }
      }
    }
  });

  test(`${one.name}: a table or a list leads to the messages, and every field is a key of a record`, () => {
    const widgets = one.pages.flatMap((page) => page.widgets);
    assert.ok(widgets.some(({ show }) => show === 'messages'));
    assert.ok(widgets.some(({ show }) => show === 'table'));
    assert.deepEqual(
      widgets.flatMap(fieldsOf).filter((field) => !known.has(field)),
      [],
    );
  });
}

function drawnFunctions({ config }: Widget): readonly string[] {
  return config.series?.map((series) => series.function) ?? [];
}

function fieldsOf({ rows = [], columns = [], values = {}, fields = [], query = '' }: WidgetSource): string[] {
  const pivots = [...rows, ...columns].flatMap((row) => (typeof row === 'string' ? [row] : [...(row.fields ?? [])]));
  const functions = Object.values(values).flatMap((text) => /\((\w+)/.exec(text)?.[1] ?? []);
  const asked = [...query.matchAll(/(?:_exists_:)?(\w+)(?=:|$|\))/g)].map(([, field]) => field as string);
  const named = asked.filter((field) => new RegExp(`(?:^|[( ])${field}:|_exists_:${field}`).test(query));
  return [...pivots, ...functions, ...fields, ...named.filter((field) => field !== '_exists_')];
}

test('there is an overview, and a dashboard for each stream', () => {
  const shown = sources.dashboards.map(({ pages }) => {
    const streams = pages.flatMap(({ widgets }) => widgets.map(({ stream }) => stream));
    const times = (one: string | undefined): number => streams.filter((stream) => stream === one).length;
    return streams.toSorted((a, b) => times(b) - times(a))[0];
  });
  for (const { name } of sources.streams) assert.ok(shown.includes(name), name);
  assert.ok(sources.dashboards.some(({ name }) => name === 'overview'));
});

test('a field is shown in its unit, and a count of its values is not', async () => {
  const { unitsOf } = await scriptModule<{ unitsOf(functions: string[]): object }>('graylog/units.js');
  assert.deepEqual(
    unitsOf(['max(disk_used_percent)', 'percentile(http_response_time_ms,95)', 'card(uptime_seconds)']),
    {
      disk_used_percent: { unit_type: 'percent', abbrev: '%' },
      http_response_time_ms: { unit_type: 'time', abbrev: 'ms' },
    },
  );
});

test('rows are ordered by the function, since Graylog does not know the name of a value', () => {
  const widget: WidgetSource = {
    ...{ title: 'a', place: [1, 1, 4, 4], show: 'table', rows: ['source'], sort: '-used' },
    values: { used: 'max(disk_used_percent)' },
  };
  const { queries } = dashboardOf(
    { name: 'x', title: 'x', summary: '', pages: [{ title: 'x', widgets: [widget] }] },
    streamIds,
  );
  assert.deepEqual(queries[0]?.search_types[0]?.sort, [
    { type: 'series', field: 'max(disk_used_percent)', direction: 'Descending' },
  ]);
});

test('what is well is green and what is ill is red, in charts alone', () => {
  const colours = (show: string): string[] => {
    const widget: WidgetSource = {
      title: 'a',
      place: [1, 1, 4, 4],
      show,
      rows: ['event_outcome'],
      values: { n: 'count()' },
    };
    const { state } = dashboardOf(
      { name: 'x', title: 'x', summary: '', pages: [{ title: 'x', widgets: [widget] }] },
      streamIds,
    );
    const { formatting_settings: settings } = Object.values(state)[0]?.widgets[0]?.config ?? {};
    return settings?.chart_colors.map(({ field_name: value, chart_color: colour }) => `${value} ${colour}`) ?? [];
  };
  assert.deepEqual(colours('pie'), ['success #3f9142', 'failure #d13b3b']);
  assert.deepEqual(colours('table'), []);
});

test("Graylog's own events have the stream that every Graylog has", () => {
  const widget: WidgetSource = {
    ...{ title: 'a', place: [1, 1, 4, 4], show: 'table', stream: 'graylog-events' },
    ...{ rows: [{ fields: ['key'], empty: true }], values: { n: 'count()' } },
  };
  const { queries } = dashboardOf(
    { name: 'x', title: 'x', summary: '', pages: [{ title: 'x', widgets: [widget] }] },
    streamIds,
  );
  const asked = queries[0]?.search_types[0];
  assert.deepEqual(asked?.streams, ['000000000000000000000002']);
  assert.deepEqual(asked?.row_groups, [{ type: 'values', fields: ['key'], limit: 15, skip_empty_values: false }]);
});

for (const [fault, change] of [
  ['there is no stream "nowhere"', { stream: 'nowhere' }],
  ['there is no widget "cake"', { show: 'cake' }],
  ['"count" is no function of a field', { values: { n: 'count' } }],
  ['"soon" is no time', { rows: [{ time: 'soon' }] }],
  ['there is no value "most" to sort by', { sort: '-most' }],
  ['Graylog cannot sort by "latest\\(timestamp\\)"', { values: { last: 'latest(timestamp)' }, sort: '-last' }],
  ['Graylog cannot sort by "percentile', { values: { p95: 'percentile(http_response_time_ms,95)' }, sort: '-p95' }],
] as const) {
  test(`a widget that is wrong is refused: ${fault}`, () => {
    const widget: WidgetSource = { title: 'a', place: [1, 1, 4, 4], show: 'bar', values: { n: 'count()' }, ...change };
    const wrong = { name: 'x', title: 'x', summary: '', pages: [{ title: 'x', widgets: [widget] }] };
    assert.throws(() => dashboardOf(wrong, streamIds), new RegExp(fault));
  });
}
