// What is stored in the Graylog of graylog-real.ts, and inputs for one test.
import type { TestContext } from 'node:test';
import { credentials } from './graylog-real.ts';
import { gap } from './pace.ts';

function authorization(): string {
  const { GRAYLOG_TOKEN: token, GRAYLOG_USER: user, GRAYLOG_PASSWORD: password } = credentials();
  return `Basic ${btoa(token === undefined ? `${user}:${password}` : `${token}:token`)}`;
}

/** Asks the REST API; `path` is below `/api`. Rejects with what Graylog answered where it refuses. */
export async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${process.env.GRAYLOG_URL?.replace(/\/(?:api\/?)?$/, '')}/api${path}`, {
    method,
    headers: {
      ...{ authorization: authorization(), 'x-requested-by': 'infra-monitoring', accept: 'application/json' },
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return text === '' ? undefined : JSON.parse(text);
}

export interface Found {
  count: number;
  /** The sum of each field that was asked for. */
  sums: Record<string, number>;
}

const ALL_TIMES = { type: 'absolute', from: '1970-01-01T00:00:00.000Z', to: '2099-01-01T00:00:00.000Z' };

async function search(query: string, type: object): Promise<Record<string, unknown>> {
  const asked = { id: 'q', timerange: ALL_TIMES, query: { type: 'elasticsearch', query_string: query } };
  const answer = (await ask('POST', '/views/search/sync?timeout=60000', {
    id: '6b0000000000000000000002',
    queries: [{ ...asked, search_types: [{ id: 't', ...type }] }],
    parameters: [],
  })) as { results: { q: { search_types: { t: Record<string, unknown> } } } };
  return answer.results.q.search_types.t;
}

/** How many messages there are of a query, and the sums of their fields. */
export async function sumsOf(query: string, fields: readonly string[]): Promise<Found> {
  const series = [
    { type: 'count', id: 'count', field: null },
    ...fields.map((field) => ({ type: 'sum', id: field, field })),
  ];
  const pivot = { type: 'pivot', row_groups: [], column_groups: [], series, sort: [], rollup: true };
  const { rows } = (await search(query, pivot)) as { rows: { values: { key: string[]; value: number }[] }[] };
  const values = Object.fromEntries(rows.flatMap((row) => row.values).map(({ key, value }) => [key.at(-1), value]));
  return { count: Number(values.count ?? 0), sums: values as Record<string, number> };
}

/** The fields of the first messages of a query. */
export async function messagesOf(query: string, limit: number): Promise<Record<string, string | number>[]> {
  const list = { type: 'messages', limit, offset: 0, sort: [{ field: 'timestamp', order: 'ASC' }] };
  const { messages } = (await search(query, list)) as { messages: { message: Record<string, string | number> }[] };
  return messages.map(({ message }) => message);
}

/** Waits until Graylog has stored so many messages of a query. A bench without events makes its ranges only when asked. */
export async function untilStored(query: string, count: number, withinMs: number): Promise<number> {
  const end = Date.now() + withinMs;
  for (;;) {
    await ask('POST', '/system/indices/ranges/rebuild');
    const { count: stored } = await sumsOf(query, []);
    if (stored >= count || Date.now() > end) return stored;
    await gap(1_000);
  }
}

/** Starts an input on loopback; it is removed when the test ends. */
export async function startInput(t: TestContext, type: string, port: number, more: object): Promise<void> {
  const { id } = (await ask('POST', '/system/inputs', {
    ...{ title: `infra-monitoring test ${port}`, type, global: true },
    configuration: { bind_address: '127.0.0.1', port, recv_buffer_size: 4_194_304, ...more },
  })) as { id: string };
  t.after(() => ask('DELETE', `/system/inputs/${id}`));
  for (;;) {
    const { states } = (await ask('GET', '/system/inputstates')) as { states: { id: string; state: string }[] };
    const state = states.find((one) => one.id === id)?.state;
    if (state === 'RUNNING') return;
    if (state === 'FAILED') throw new Error(`the input on port ${port} failed`);
    await gap(200);
  }
}
