// All that an installation consists of, in the order in which one thing needs another.
import { dashboardOf } from './dashboard.js';
import { eventDefinitionOf } from './event-definition.js';
import { fixedId } from './ids.js';
import { dashboard } from './kinds/dashboards.js';
import { fieldProfile, INDEX_PREFIX, indexSet } from './kinds/indexing.js';
import { input } from './kinds/inputs.js';
import { connection, DEFAULT_STREAM, pattern, pipeline, rule } from './kinds/parsing.js';
import { stream } from './kinds/streams.js';
import { allowedAddress, allowedEntry, eventDefinition, notification } from './kinds/telling.js';
import { MARK } from './sources.js';
import { rulesIn } from './time-zone.js';

/** Inputs come last: no message comes before it is parsed and has its stream. */
export const KINDS = [
  ...[fieldProfile, indexSet, pattern, rule, pipeline, connection, stream],
  ...[allowedAddress, notification, eventDefinition, dashboard, input],
];

const EXACTLY = 1;
const RECEIVE_BYTES = 1_048_576;
const MAX_MESSAGE_BYTES = 2_097_152;
const MAX_CHUNK_BYTES = 65_536;
const INPUT_TYPES = {
  TCP: 'org.graylog2.inputs.gelf.tcp.GELFTCPInput',
  UDP: 'org.graylog2.inputs.gelf.udp.GELFUDPInput',
  HTTP: 'org.graylog2.inputs.gelf.http.GELFHttpInput',
};
const OPTIONS = {
  TCP: { use_null_delimiter: true, max_message_size: MAX_MESSAGE_BYTES },
  UDP: {},
  HTTP: { enable_bulk_receiving: true, max_chunk_size: MAX_CHUNK_BYTES, idle_writer_timeout: 60, enable_cors: false },
};

/**
 * What is wanted: `{ kind, key, title, bodyOf }` each. `bodyOf(idOf)` makes the body from the ids of what came before:
 * `idOf(kind, key)`. `fractionKeys`: the fields whose numbers have fractions.
 */
export function planOf(sources, parameters, fractionKeys) {
  const streams = sources.streams.map((one) => ({ ...one, key: `${MARK}${one.title}` }));
  const streamIds = (idOf) => new Map(streams.map(({ name, key }) => [name, idOf(stream, key)]));
  const told = parameters.WEBHOOK_URL === '' ? undefined : `${MARK}${sources.notification.title}`;
  return [
    { kind: fieldProfile, ...keyed(`${MARK}numbers`), bodyOf: () => profileOf(fractionKeys) },
    {
      ...{ kind: indexSet, key: INDEX_PREFIX, title: sources.indexSet.title },
      bodyOf: (idOf) => ({ ...sources.indexSet, field_type_profile: idOf(fieldProfile, `${MARK}numbers`) }),
    },
    ...sources.patterns.map((one) => ({ kind: pattern, ...keyed(one.name), bodyOf: () => one })),
    ...[rule, pipeline].flatMap((kind) =>
      (kind === rule ? rulesIn(sources, parameters.TIME_ZONE) : sources.pipelines).map(({ title, source }) => ({
        ...{ kind, ...keyed(title), bodyOf: () => ({ title, description: '', source }) },
      })),
    ),
    ...sources.pipelines.map(({ title }) => ({
      ...{ kind: connection, key: title, title: `${title} on all messages` },
      bodyOf: (idOf) => ({ stream_id: DEFAULT_STREAM, pipeline_id: idOf(pipeline, title) }),
    })),
    ...streams.map((one) => ({
      ...{ kind: stream, ...keyed(one.key), bodyOf: (idOf) => streamOf(one, idOf(indexSet, INDEX_PREFIX)) },
    })),
    ...(told === undefined ? [] : tellingOf(sources.notification, told, parameters.WEBHOOK_URL)),
    ...sources.eventDefinitions.map((one) => ({
      ...{ kind: eventDefinition, ...keyed(`${MARK}${one.title}`) },
      bodyOf: (idOf) => eventDefinitionOf(one, streamIds(idOf), told && idOf(notification, told)),
    })),
    ...sources.dashboards.map((one) => ({
      ...{ kind: dashboard, key: fixedId('dashboard', one.name), title: one.title },
      bodyOf: (idOf) => ({
        ...{ id: fixedId('dashboard', one.name), title: one.title, summary: one.summary },
        ...{ description: one.description ?? '', ...dashboardOf(one, streamIds(idOf)) },
      }),
    })),
    ...sources.inputs.flatMap((one) => inputsOf(one, parameters)),
  ];
}

const keyed = (key) => ({ key, title: key });

function profileOf(fractionKeys) {
  return {
    name: `${MARK}numbers`,
    description: 'Fields with fractions, so that no digit is lost',
    custom_field_mappings: [...fractionKeys].sort().map((field) => ({ field, type: 'double' })),
  };
}

function streamOf({ key, description, log_type }, indexSetId) {
  return {
    ...{ title: key, description, matching_type: 'AND', remove_matches_from_default_stream: true },
    rules: [{ field: 'log_type', type: EXACTLY, value: log_type, inverted: false }],
    index_set_id: indexSetId,
  };
}

function tellingOf({ description }, title, url) {
  return [
    {
      ...{ kind: allowedAddress, key: allowedEntry(url).id, title: 'the webhook' },
      bodyOf: () => allowedEntry(url),
    },
    {
      ...{ kind: notification, ...keyed(title) },
      bodyOf: () => ({ title, description, config: { type: 'http-notification-v1', url } }),
    },
  ];
}

/** The body of each input of a description, but for what parameters say. */
export function inputBodies({ title, transports }) {
  return transports.map((transport) => ({
    ...{ title: `${MARK}${title} (${transport})`, type: INPUT_TYPES[transport], global: true, node: null },
    configuration: { recv_buffer_size: RECEIVE_BYTES, ...OPTIONS[transport] },
  }));
}

function inputsOf(description, { BIND_ADDRESS, [description.port]: port }) {
  return inputBodies(description).map((body) => ({
    ...{ kind: input, ...keyed(body.title) },
    bodyOf: () => ({
      ...body,
      configuration: { ...body.configuration, bind_address: BIND_ADDRESS, port },
    }),
  }));
}
