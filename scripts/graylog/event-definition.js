// An event definition in Graylog's terms.
import { MARK } from './sources.js';

const PRIORITIES = { low: 1, medium: 2, high: 3, critical: 4 };
const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The stream in which Graylog itself keeps events. */
const EVENTS = '000000000000000000000002';

/**
 * The body of an event definition from its description. `streamIds`: the id of each stream by its name; `notificationId`:
 * who is told, undefined for nobody. Throws where the description is not to be understood.
 */
export function eventDefinitionOf(description, streamIds, notificationId) {
  const { title, meaning, priority, stream, query, group_by: groupBy = [], within, every, grace } = description;
  const keys = description.keys ?? [];
  const values = Object.entries(description.values);
  if (!streamIds.has(stream)) throw new Error(`${title}: there is no stream "${stream}"`);
  if (ms(grace) < ms(within)) throw new Error(`${title}: a grace shorter than what is searched rings twice for one`);
  return {
    title: `${MARK}${title}`,
    description: meaning,
    priority: PRIORITIES[priority],
    alert: true,
    config: {
      type: 'aggregation-v1',
      query,
      streams: [streamIds.get(stream)],
      group_by: groupBy,
      series: values.map(([id, text]) => seriesOf(id, text)),
      conditions: {
        expression: conditionOf(
          description.condition,
          values.map(([id]) => id),
        ),
      },
      search_within_ms: ms(within),
      execute_every_ms: ms(every),
    },
    field_spec: Object.fromEntries(
      Object.entries(description.fields ?? {}).map(([field, template]) => [
        field,
        { data_type: 'string', providers: [{ type: 'template-v1', template, require_values: false }] },
      ]),
    ),
    key_spec: keys,
    notification_settings: { grace_period_ms: ms(grace), backlog_size: description.backlog ?? 0 },
    notifications: notificationId === undefined ? [] : [{ notification_id: notificationId }],
    storage: [{ type: 'persist-to-streams-v1', streams: [EVENTS] }],
  };
}

function ms(text) {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is no time: 30s, 5m, 1h or 1d is meant`);
  return Number(number) * MS[unit];
}

function seriesOf(id, text) {
  const [, type, field] = /^(\w+)\((\w*)\)$/.exec(text) ?? [];
  if (type === undefined) throw new Error(`"${text}" is no function of a field`);
  return { type, id, field: field === '' ? null : field };
}

/** `n >= 5 && age > 600`: comparisons of values with numbers, joined by && . */
function conditionOf(text, ids) {
  const parts = text.split('&&').map((part) => {
    const [, ref, expr, value] = /^\s*(\w+)\s*(>=|<=|==|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    if (!ids.includes(ref)) throw new Error(`"${part.trim()}" compares no value with a number`);
    return { expr, left: { expr: 'number-ref', ref }, right: { expr: 'number', value: Number(value) } };
  });
  return parts.reduce((left, right) => ({ expr: '&&', left, right }));
}
