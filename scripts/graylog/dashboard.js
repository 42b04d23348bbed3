// A dashboard in Graylog's terms: it says each widget twice, as what the page draws and as what is asked.
import { fixedUuid } from './ids.js';
import { unitsOf } from './units.js';

const HOUR_SECONDS = 3600;
const AUTO = { type: 'auto', scaling: 1 };
/** Graylog gives colours by chance: without these what is critical may be blue, and what is ok orange. */
const GREEN = '#3f9142';
const YELLOW = '#e0a100';
const RED = '#d13b3b';
const DARK_RED = '#7a1f1f';
const BLUE = '#4b8bd1';
const GREY = '#8a8f98';
const MEANINGS = {
  disk_state: { ok: GREEN, warning: YELLOW, critical: RED, missing: DARK_RED, stale: DARK_RED },
  event_outcome: { success: GREEN, failure: RED },
  // All of them: among the colours by chance is a green, too.
  result_type: {
    ...{ success: GREEN, too_slow: YELLOW, status_mismatch: '#e8792b', body_mismatch: '#c2571a', timeout: '#8f4fb5' },
    ...{ dns_error: '#b5489a', connection_failed: RED, tls_error: DARK_RED, redirect_limit: '#a0703c' },
    ...{ body_read_error: '#d77fa1', local_error: GREY },
  },
  alert_severity: { notice: BLUE, warning: YELLOW, error: RED, critical: DARK_RED },
  level: { 2: DARK_RED, 3: RED, 4: YELLOW, 5: BLUE, 6: GREEN, 7: GREY },
};
const UNITS = { m: 'minutes', h: 'hours', d: 'days' };
/** What a chart looks like where nothing else is said. */
const LOOKS = {
  bar: { barmode: 'stack', axis_type: 'linear' },
  line: { interpolation: 'linear', axis_type: 'linear' },
  area: { interpolation: 'linear', axis_type: 'linear' },
  table: { pinned_columns: [] },
  pie: null,
  heatmap: {
    color_scale: 'Viridis',
    reverse_scale: false,
    auto_scale: true,
    use_smallest_as_default: false,
    default_value: 0,
  },
};
const MESSAGES = 150;
/** Graylog's own stream of what its event definitions found, the same id everywhere. */
export const GRAYLOG_EVENTS = { name: 'graylog-events', title: 'All events', id: '000000000000000000000002' };
/** What rows can be ordered by. Graylog leaves them in the order of their number where it is anything else. */
const ORDERS = /^(?:count|sum|avg|max|min|card)\(/;
const EVENT_FIELDS = ['message', 'alert', 'event_definition_id', 'timestamp'];

/**
 * `{ queries, state }` of a dashboard: its search and how it is drawn. `streamIds`: the id of each stream by its name. Throws
 * where the description names a stream or a form that is not there.
 */
export function dashboardOf(description, streamIds) {
  const tabs = description.pages.map((page) => tabOf(description, page, streamIds));
  return {
    queries: tabs.map(({ query }) => query),
    state: Object.fromEntries(tabs.map(({ query, state }) => [query.id, state])),
  };
}

function tabOf({ name }, page, streamIds) {
  const id = fixedUuid(`page ${name} ${page.title}`);
  const widgets = page.widgets.map((widget) => widgetOf(widget, `${name} ${page.title} ${widget.title}`, streamIds));
  const byId = (value) => Object.fromEntries(widgets.map((one) => [one.widget.id, value(one)]));
  return {
    query: {
      id,
      timerange: relative(300),
      query: elastic(''),
      search_types: widgets.flatMap(({ searchTypes }) => searchTypes),
    },
    state: {
      titles: { tab: { title: page.title }, widget: byId(({ title }) => title) },
      widgets: widgets.map(({ widget }) => widget),
      widget_mapping: byId(({ searchTypes }) => searchTypes.map((one) => one.id)),
      positions: byId(({ position }) => position),
    },
  };
}

function widgetOf(description, path, streamIds) {
  const { title, place, show, stream, query = '', hours = 24 } = description;
  const [col, row, width, height] = place;
  const common = {
    timerange: relative(hours * HOUR_SECONDS),
    query: elastic(query),
    streams: stream === undefined ? [] : [streamId(stream, streamIds, path)],
  };
  const ids = {
    widget: fixedUuid(`widget ${path}`),
    chart: fixedUuid(`chart ${path}`),
    trend: fixedUuid(`trend ${path}`),
  };
  const form = FORMS[show] ?? aggregation;
  const { type, config, searchTypes } = form(description, common, ids);
  return {
    title,
    position: { col, row, width, height },
    widget: { id: ids.widget, type, ...common, config },
    searchTypes,
  };
}

const FORMS = { messages, events };

function messages({ fields }, common, { chart }) {
  return {
    type: 'messages',
    config: {
      fields: ['timestamp', 'source', ...fields],
      show_message_row: true,
      sort: [{ type: 'pivot', field: 'timestamp', direction: 'Descending' }],
    },
    searchTypes: [
      {
        ...{ id: chart, type: 'messages', ...common },
        ...{ limit: MESSAGES, offset: 0, sort: [{ field: 'timestamp', order: 'DESC' }] },
      },
    ],
  };
}

function events(_description, common, { chart }) {
  return {
    type: 'events',
    config: {
      mode: 'List',
      fields: EVENT_FIELDS,
      filters: [],
      sort: { field: 'timestamp', direction: 'Descending' },
    },
    searchTypes: [{ id: chart, type: 'events', ...common }],
  };
}

function aggregation(description, common, { chart, trend }) {
  const { show, rows = [], columns = [], values, sort, better } = description;
  if (show !== 'number' && LOOKS[show] === undefined) throw new Error(`there is no widget "${show}"`);
  const sorting = sort === undefined ? [] : [sortOf(sort, values)];
  const pivots = { row: rows.map(pivotOf), column: columns.map(pivotOf) };
  const rollup = columns.length === 0;
  const search = {
    ...{ id: chart, type: 'pivot', name: 'chart', ...common },
    row_groups: pivots.row.map(groupOf),
    column_groups: pivots.column.map(groupOf),
    series: Object.entries(values).map(([name, text]) => seriesOf(name, text)),
    ...{ sort: sorting, rollup },
  };
  // What it was in the time before is a search of its own.
  const earlier = {
    ...search,
    id: trend,
    name: 'trend',
    timerange: { type: 'offset', source: 'search_type', id: chart },
  };
  const units = unitsOf(Object.values(values));
  const colours = LOOKS[show] === LOOKS.table ? [] : coloursOf([...rows, ...columns]);
  return {
    type: 'aggregation',
    config: {
      visualization: show === 'number' ? 'numeric' : show,
      visualization_config:
        show === 'number' ? { trend: better !== undefined, trend_preference: better ?? 'NEUTRAL' } : LOOKS[show],
      row_pivots: pivots.row,
      column_pivots: pivots.column,
      series: Object.entries(values).map(([name, text]) => ({ function: text, config: { name } })),
      ...{ sort: sorting, rollup },
      ...(Object.keys(units).length === 0 ? {} : { units }),
      ...(colours.length === 0 ? {} : { formatting_settings: { chart_colors: colours } }),
    },
    searchTypes: better === undefined ? [search] : [search, earlier],
  };
}

/** A colour for each value that means well or ill, in the charts of such a field. */
function coloursOf(pivots) {
  const fields = pivots.flatMap((one) => (typeof one === 'string' ? [one] : (one.fields ?? [])));
  return fields.flatMap((field) =>
    Object.entries(MEANINGS[field] ?? {}).map(([value, colour]) => ({ field_name: value, chart_color: colour })),
  );
}

/** `source`, `{ fields, limit, empty }` (`empty`: also where a field is absent), or `{ time: 'auto' | '5m' | '1h' }`. */
function pivotOf(row) {
  if (row.time !== undefined)
    return {
      type: 'time',
      fields: ['timestamp'],
      config: { interval: row.time === 'auto' ? AUTO : interval(row.time) },
    };
  const { fields, limit = 15, empty = false } = typeof row === 'string' ? { fields: [row] } : row;
  return { type: 'values', fields, config: { limit, skip_empty_values: !empty } };
}

function interval(text) {
  const [, value, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (value === undefined) throw new Error(`"${text}" is no time: 5m, 1h or auto is meant`);
  return { type: 'timeunit', value: Number(value), unit: UNITS[unit] };
}

/** A pivot as the search says it. */
function groupOf({ type, fields, config: { interval: bins, ...config } }) {
  if (bins === undefined) return { type, fields, ...config };
  const short = bins.type === 'auto' ? bins : { type: 'timeunit', timeunit: `${bins.value}${bins.unit[0]}` };
  return { type, fields, interval: short };
}

/** `sum(login_failures)`, `count()`, `percentile(http_response_time_ms,95)`. */
function seriesOf(id, text) {
  const [, type, field, percentile] = /^(\w+)\((\w*)(?:,(\d+))?\)$/.exec(text) ?? [];
  if (type === undefined) throw new Error(`"${text}" is no function of a field`);
  return {
    ...{ type, id, field: field === '' ? null : field },
    ...(percentile === undefined ? {} : { percentile: Number(percentile) }),
  };
}

/** The name of a value; with - in front the greatest comes first. Graylog wants the function itself, not its name. */
function sortOf(text, values) {
  const isDown = text.startsWith('-');
  const name = isDown ? text.slice(1) : text;
  const field = values[name];
  if (field === undefined) throw new Error(`there is no value "${name}" to sort by`);
  if (!ORDERS.test(field)) throw new Error(`Graylog cannot sort by "${field}"`);
  return { type: 'series', field, direction: isDown ? 'Descending' : 'Ascending' };
}

function streamId(name, streamIds, path) {
  const id = streamIds.get(name) ?? (name === GRAYLOG_EVENTS.name ? GRAYLOG_EVENTS.id : undefined);
  if (id === undefined) throw new Error(`${path}: there is no stream "${name}"`);
  return id;
}

const relative = (seconds) => ({ type: 'relative', range: seconds });
const elastic = (text) => ({ type: 'elasticsearch', query_string: text });
