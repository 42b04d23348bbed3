import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventSource, sources, streamIds } from '../../../support/graylog-sources.ts';
import { scriptModule } from '../../../support/script.ts';

interface Made {
  readonly title: string;
  readonly config: {
    readonly group_by: readonly string[];
    readonly search_within_ms: number;
    readonly execute_every_ms: number;
    readonly conditions: { readonly expression: unknown };
  };
  readonly field_spec: { readonly [field: string]: { readonly providers: readonly { readonly template: string }[] } };
  readonly key_spec: readonly string[];
  readonly notification_settings: { readonly grace_period_ms: number };
  readonly notifications: readonly object[];
}

const { eventDefinitionOf } = await scriptModule<{
  eventDefinitionOf(one: EventSource, ids: Map<string, string>, told?: string): Made;
}>('graylog/event-definition.js');

for (const one of sources.eventDefinitions) {
  test(`${one.title}: rings once for each key, and its fields are filled`, () => {
    const made = eventDefinitionOf(one, streamIds, 'told');
    const { config, field_spec: fields, key_spec: keys, notification_settings: settings } = made;
    assert.ok(settings.grace_period_ms >= config.search_within_ms, 'what was found rings again as long as it is found');
    assert.ok(config.search_within_ms >= config.execute_every_ms, 'no moment is left out');
    for (const key of keys) assert.ok(fields[key], key);
    // In an aggregation only what it groups by has a value.
    for (const { providers } of Object.values(fields)) {
      const [, field] = /^\$\{source\.(\w+)\}$/.exec(providers[0]?.template ?? '') ?? [];
      assert.ok(config.group_by.includes(field as string), field);
    }
    assert.deepEqual(made.notifications, [{ notification_id: 'told' }]);
    assert.deepEqual(eventDefinitionOf(one, streamIds).notifications, [], 'nobody is told where there is no webhook');
  });
}

test('comparisons are joined, and each names a value', () => {
  const one = sources.eventDefinitions.find(({ title }) => title === 'host silent') as EventSource;
  assert.deepEqual(eventDefinitionOf(one, streamIds).config.conditions.expression, {
    expr: '&&',
    left: { expr: '<', left: { expr: 'number-ref', ref: 'n' }, right: { expr: 'number', value: 6 } },
    right: { expr: '>', left: { expr: 'number-ref', ref: 'age' }, right: { expr: 'number', value: 600 } },
  });
});

for (const [fault, change] of [
  ['compares no value with a number', { condition: 'nothing > 3' }],
  ['compares no value with a number', { condition: 'n is many' }],
  ['rings twice', { grace: '1s' }],
  ['there is no stream', { stream: 'nowhere' }],
  ['is no time', { within: 'soon' }],
] as const) {
  test(`an event definition that is wrong is refused: ${JSON.stringify(change)} ${fault}`, () => {
    const one = sources.eventDefinitions.find(({ title }) => title === 'alert of a host') as EventSource;
    assert.throws(() => eventDefinitionOf({ ...one, ...change } as EventSource, streamIds), new RegExp(fault));
  });
}
