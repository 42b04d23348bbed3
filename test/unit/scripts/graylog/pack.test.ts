import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sources, sources } from '../../../support/graylog-sources.ts';
import { scriptModule } from '../../../support/script.ts';

interface Entity {
  readonly id: string;
  readonly type: { readonly name: string };
  readonly data: {
    readonly search?: { readonly queries: readonly { readonly search_types: readonly { streams?: string[] }[] }[] };
    readonly state?: { readonly [page: string]: { readonly widgets: readonly { streams?: string[] }[] } };
  };
}
const { packOf } = await scriptModule<{ packOf(one: Sources, revision: number): { entities: Entity[] } }>(
  'graylog/pack.js',
);

test('every stream that a dashboard asks is in the content pack', () => {
  const { entities } = packOf(sources, 1);
  const streams = new Set(entities.filter(({ type }) => /^stream/.test(type.name)).map(({ id }) => id));
  const asked = entities.flatMap(({ data }) => [
    ...(data.search?.queries ?? []).flatMap(({ search_types: types }) => types.flatMap((one) => one.streams ?? [])),
    ...Object.values(data.state ?? {}).flatMap(({ widgets }) => widgets.flatMap((one) => one.streams ?? [])),
  ]);
  assert.ok(asked.length > 100);
  assert.deepEqual(
    asked.filter((id) => !streams.has(id)),
    [],
  );
});
