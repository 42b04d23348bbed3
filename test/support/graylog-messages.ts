import type { TestContext } from 'node:test';
import type { GraylogClient } from './graylog-real.ts';
import { gap } from './pace.ts';

export interface Found {
  count: number;
  /** The sum of each field that was asked for. */
  sums: Record<string, number>;
}

const ALL_TIMES = { type: 'absolute', from: '1970-01-01T00:00:00.000Z', to: '2099-01-01T00:00:00.000Z' };

async function search(graylog: GraylogClient, query: string, type: object): Promise<Record<string, unknown>> {
  const asked = { id: 'q', timerange: ALL_TIMES, query: { type: 'elasticsearch', query_string: query } };
  const { results } = await graylog.post<{ results: { q: { search_types: { t: Record<string, unknown> } } } }>(
    '/views/search/sync?timeout=60000',
    {
      id: '6b0000000000000000000002',
      queries: [{ ...asked, search_types: [{ id: 't', ...type }] }],
      parameters: [],
    },
  );
  return results.q.search_types.t;
}

/** How many messages there are of a query, and the sums of their fields. */
export async function sumsOf(graylog: GraylogClient, query: string, fields: readonly string[]): Promise<Found> {
  const series = [
    { type: 'count', id: 'count', field: null },
    ...fields.map((field) => ({ type: 'sum', id: field, field })),
  ];
  const pivot = { type: 'pivot', row_groups: [], column_groups: [], series, sort: [], rollup: true };
  const { rows } = (await search(graylog, query, pivot)) as { rows: { values: { key: string[]; value: number }[] }[] };
  const values = Object.fromEntries(rows.flatMap((row) => row.values).map(({ key, value }) => [key.at(-1), value]));
  return { count: Number(values.count ?? 0), sums: values as Record<string, number> };
}

/** The fields of the first messages of a query. */
export async function messagesOf(
  graylog: GraylogClient,
  query: string,
  limit: number,
): Promise<Record<string, string | number>[]> {
  const list = { type: 'messages', limit, offset: 0, sort: [{ field: 'timestamp', order: 'ASC' }] };
  const { messages } = (await search(graylog, query, list)) as {
    messages: { message: Record<string, string | number> }[];
  };
  return messages.map(({ message }) => message);
}

/** Waits until Graylog has stored so many messages of a query. A bench without events makes its ranges only when asked. */
export async function untilStored(
  graylog: GraylogClient,
  query: string,
  count: number,
  withinMs: number,
): Promise<number> {
  const end = Date.now() + withinMs;
  for (;;) {
    await graylog.post('/system/indices/ranges/rebuild');
    const { count: stored } = await sumsOf(graylog, query, []);
    if (stored >= count || Date.now() > end) return stored;
    await gap(1_000);
  }
}

/** Starts an input on loopback; it is removed when the test ends. */
export async function startInput(
  t: TestContext,
  graylog: GraylogClient,
  type: string,
  port: number,
  more: object,
): Promise<void> {
  const { id } = await graylog.post<{ id: string }>('/system/inputs', {
    ...{ title: `infra-monitoring test ${port}`, type, global: true },
    configuration: { bind_address: '127.0.0.1', port, recv_buffer_size: 4_194_304, ...more },
  });
  t.after(() => graylog.delete(`/system/inputs/${id}`));
  for (;;) {
    const { states } = await graylog.get<{ states: { id: string; state: string }[] }>('/system/inputstates');
    const state = states.find((one) => one.id === id)?.state;
    if (state === 'RUNNING') return;
    if (state === 'FAILED') throw new Error(`the input on port ${port} failed`);
    await gap(200);
  }
}
