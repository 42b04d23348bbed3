import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { GraylogClient } from './graylog-real.ts';

const DEFAULT_STREAM = '000000000000000000000001';
const SEARCH = '6b0000000000000000000003';
const VIEW = '6b0000000000000000000004';

/**
 * Things that somebody else has made, one of each kind, some of them called almost like ours. They go when the test ends.
 */
export async function makeOthers(t: TestContext, graylog: GraylogClient, port: number): Promise<void> {
  const gone: (() => Promise<unknown>)[] = [];
  t.after(async () => {
    for (const one of gone) await one();
  });
  const made = (path: string, id: string): number => gone.unshift(() => graylog.delete(`${path}/${id}`));
  const make = async (path: string, body: object): Promise<string> => {
    const { id } = await graylog.post<{ id: string }>(path, body);
    made(path.replace(/\?.*/, ''), id);
    return id;
  };
  const { index_sets: sets } = await graylog.get<{ index_sets: { id: string; default: boolean }[] }>(
    '/system/indices/index_sets',
  );
  const { stream_id: stream } = await graylog.post<{ stream_id: string }>('/streams', {
    ...{ title: 'infra-monitoring of mine', description: 'mine', matching_type: 'AND' },
    ...{ remove_matches_from_default_stream: false, index_set_id: sets.find((set) => set.default)?.id },
    rules: [{ field: 'log_type', type: 1, value: 'auth', inverted: false, description: '' }],
  });
  made('/streams', stream);
  await graylog.post(`/streams/${stream}/resume`);
  await make('/system/grok', { name: 'MINE_ONE', pattern: 'mine' });
  await make('/system/pipelines/rule', {
    ...{ title: 'mine', description: '' },
    source: 'rule "mine"\nwhen has_field("nowhere_of_mine")\nthen\n  set_field("mine", 1);\nend\n',
  });
  const pipeline = await make('/system/pipelines/pipeline', {
    ...{ title: 'pipeline of mine', description: '' },
    source: 'pipeline "pipeline of mine"\nstage 0 match pass\nrule "mine";\nend\n',
  });
  const connect = (ids: string[]): Promise<unknown> =>
    graylog.post('/system/pipelines/connections/to_stream', { stream_id: DEFAULT_STREAM, pipeline_ids: ids });
  await connect([pipeline]);
  gone.unshift(() => connect([]));
  await make('/system/inputs', {
    ...{ title: 'input of mine', type: 'org.graylog2.inputs.gelf.tcp.GELFTCPInput', global: true, node: null },
    configuration: { bind_address: '127.0.0.1', port, recv_buffer_size: 65_536, max_message_size: 65_536 },
  });
  await makeDashboard(graylog);
  made('/views', VIEW);
  await make('/events/definitions?schedule=false', eventDefinition(stream));
}

async function makeDashboard(graylog: GraylogClient): Promise<void> {
  const page = createHash('md5').update('page').digest('hex');
  const timerange = { type: 'relative', range: 300 };
  const query = { id: page, timerange, query: { type: 'elasticsearch', query_string: '' }, search_types: [] };
  await graylog.post('/views/search', { id: SEARCH, queries: [query], parameters: [] });
  await graylog.post('/views', {
    ...{ id: VIEW, title: 'Infrastructure of mine', summary: '', description: '', type: 'DASHBOARD' },
    ...{ search_id: SEARCH, properties: [], requires: {} },
    state: { [page]: { titles: { widget: {} }, widgets: [], widget_mapping: {}, positions: {} } },
  });
}

function eventDefinition(stream: string): object {
  return {
    ...{ title: 'event of mine', description: '', priority: 1, alert: false, key_spec: [], field_spec: {} },
    config: {
      ...{ type: 'aggregation-v1', query: 'nowhere:1', streams: [stream], group_by: [] },
      series: [{ type: 'count', id: 'n', field: null }],
      conditions: {
        expression: { expr: '>', left: { expr: 'number-ref', ref: 'n' }, right: { expr: 'number', value: 9 } },
      },
      ...{ search_within_ms: 60_000, execute_every_ms: 60_000 },
    },
    notification_settings: { grace_period_ms: 0, backlog_size: 0 },
    ...{ notifications: [], storage: [{ type: 'persist-to-streams-v1', streams: ['000000000000000000000002'] }] },
  };
}
