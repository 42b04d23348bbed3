// The content pack, for those who upload it by hand: the same things as an installation, but for what a pack cannot hold.
import { dashboardOf, GRAYLOG_EVENTS } from './dashboard.js';
import { eventDefinitionOf } from './event-definition.js';
import { fixedUuid } from './ids.js';
import { DEFAULT_STREAM } from './kinds/parsing.js';
import { inputBodies } from './plan.js';
import { MARK } from './sources.js';

export const PACK_ID = fixedUuid('content pack infra-monitoring');
const VERSION = '>=6.1.0';
/** A zone stands in a rule's text, where a pack can put nothing: there it is UTC. */
const PARAMETER_TYPES = { port: 'integer', address: 'string', url: 'string' };
/** A pack's notification needs some address: this one answers nobody. */
const NO_WEBHOOK = 'http://192.0.2.1/';

const ref = (name) => ({ '@type': 'parameter', '@value': name });

/** The pack as Graylog reads it, from 6.1 on. `revision`: a whole number from 1. */
export function packOf(sources, revision) {
  return {
    ...{ v: '1', id: PACK_ID, rev: revision, name: 'Infrastructure monitoring' },
    summary: 'Inputs, streams, rules, dashboards and event definitions for @infra-monitoring/node-red',
    description:
      'Upload it where `npm run graylog -- install` is not possible. It has no index set, no types of fields and no entry in the list of allowed addresses: these are yours to make.',
    ...{ vendor: 'The infra-monitoring maintainers', url: 'https://github.com/infra-monitoring/node-red' },
    parameters: sources.parameters
      .filter(({ kind }) => PARAMETER_TYPES[kind] !== undefined)
      .map(({ name, kind, default: preset, description }) => ({
        ...{ name, title: name, description, type: PARAMETER_TYPES[kind] },
        default_value: kind === 'url' && preset === '' ? NO_WEBHOOK : preset,
      })),
    entities: entitiesOf(sources),
  };
}

function entitiesOf(sources) {
  const idOf = (kind, name) => fixedUuid(`pack ${kind} ${name}`);
  const entity = (name, version, id, data) => ({
    ...{ v: '1', type: { name, version }, id, data },
    constraints: [{ type: 'server-version', version: VERSION }],
  });
  const streamIds = new Map(sources.streams.map(({ name }) => [name, idOf('stream', name)]));
  // A 7.0 that has not been started again since its own streams were made does not know them by their ids.
  const graylogEvents = idOf('stream', GRAYLOG_EVENTS.name);
  const shownIds = new Map([...streamIds, [GRAYLOG_EVENTS.name, graylogEvents]]);
  const told = idOf('notification', 'webhook');
  return [
    ...sources.patterns.map((one) => entity('grok_pattern', '1', idOf('pattern', one.name), one)),
    ...sources.rules.map(({ title, source }) =>
      entity('pipeline_rule', '1', idOf('rule', title), referenced({ title, description: '', source })),
    ),
    ...sources.pipelines.map(({ title, source }) =>
      entity(
        ...['pipeline', '1', idOf('pipeline', title)],
        referenced({ title, description: '', source, connected_streams: [DEFAULT_STREAM] }),
      ),
    ),
    ...sources.streams.map((one) => entity('stream', '1', streamIds.get(one.name), streamData(one))),
    entity('stream_title', '1', graylogEvents, referenced({ title: GRAYLOG_EVENTS.title })),
    entity('notification', '1', told, {
      title: referenced(`${MARK}${sources.notification.title}`),
      description: referenced(sources.notification.description),
      config: { type: 'http-notification-v1', url: ref('WEBHOOK_URL') },
    }),
    ...sources.eventDefinitions.map((one) =>
      entity('event_definition', '1', idOf('event definition', one.name), eventData(one, streamIds, told)),
    ),
    ...sources.dashboards.map((one) =>
      entity('dashboard', '2', idOf('dashboard', one.name), dashboardData(one, shownIds)),
    ),
    ...sources.inputs.flatMap((one) =>
      inputBodies(one).map((body) => entity('input', '1', idOf('input', body.title), inputData(body, one.port))),
    ),
  ];
}

/** Every value of a JSON thing with its type, as packs want it. */
function referenced(value) {
  if (Array.isArray(value)) return value.map(referenced);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, referenced(one)]));
  if (typeof value === 'boolean') return { '@type': 'boolean', '@value': value };
  if (typeof value === 'number') return { '@type': 'integer', '@value': value };
  return { '@type': 'string', '@value': value };
}

function streamData({ title, description, log_type }) {
  return {
    ...referenced({ title: `${MARK}${title}`, description, matching_type: 'AND', remove_matches: true }),
    ...referenced({ disabled: false, default_stream: false }),
    stream_rules: [referenced({ type: 'EXACT', field: 'log_type', value: log_type, inverted: false, description: '' })],
    ...{ outputs: [], alarm_callbacks: [], alert_conditions: [] },
  };
}

function eventData(description, streamIds, told) {
  const {
    title,
    description: meaning,
    priority,
    alert,
    config,
    notifications,
    ...rest
  } = eventDefinitionOf(description, streamIds, told);
  return {
    ...referenced({ title, description: meaning, priority, alert }),
    config: { ...config, query: referenced(config.query) },
    notifications: notifications.map(referenced),
    ...rest,
  };
}

function dashboardData(description, streamIds) {
  const { queries, state } = dashboardOf(description, streamIds);
  const { title, summary, description: text = '' } = description;
  return { ...referenced({ title, summary, description: text }), search: { queries }, state };
}

function inputData({ title, type, configuration }, port) {
  return {
    ...referenced({ title, type, global: true }),
    configuration: { ...referenced(configuration), bind_address: ref('BIND_ADDRESS'), port: ref(port) },
    static_fields: {},
    extractors: [],
  };
}
