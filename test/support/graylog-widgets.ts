import assert from 'node:assert/strict';
import type { GraylogClient } from './graylog-real.ts';
import { scriptModule } from './script.ts';

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

const { fixedId } = await scriptModule<{ fixedId(kind: string, name: string): string }>('graylog/ids.js');
/** What a function of a field says that no message has. */
const EMPTY = ['null', 'undefined', 'NaN', 'Infinity', '-Infinity'];

/** The titles of the widgets of a dashboard that show nothing. */
export async function emptyWidgets(graylog: GraylogClient, name: string): Promise<string[]> {
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
