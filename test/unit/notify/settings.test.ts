import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../../nodes/notify/settings.ts';

const ADDRESS = 'https://hooks.example.org/alerts';

test("a node with an address only speaks Slack's JSON, of everything, in the zone of the host", () => {
  const settings = readSettings({}, {}, ADDRESS);
  assert.ok('kind' in settings);
  const { kind, least, collectMs, zone } = settings;
  assert.deepEqual({ kind, least, collectMs, zone }, { kind: 'slack', least: 'notice', collectMs: 5_000, zone: '' });
});

test('the service follows the address unless it is chosen', () => {
  const kindOf = (service: string, address: string): unknown =>
    Reflect.get(readSettings({ service }, {}, address), 'kind');
  assert.equal(kindOf('', 'https://discord.com/api/webhooks/1/a'), 'discord');
  assert.equal(kindOf('json', 'https://discord.com/api/webhooks/1/a'), 'json');
});

test('Telegram needs no address beside its token, and without an address there is no target', () => {
  const telegram = readSettings({ service: 'telegram', chat: '-100123/45' }, { token: '1:a' }, undefined);
  assert.ok('target' in telegram && telegram.target?.url.host === 'api.telegram.org');
  assert.equal(Reflect.get(readSettings({}, {}, undefined), 'target'), undefined);
});

for (const [property, config] of [
  ['service', { service: 'pager' }],
  ['leastSeverity', { leastSeverity: 'bad' }],
  ['collectSeconds', { collectSeconds: 'soon' }],
  ['collectSeconds', { collectSeconds: '301' }],
  ['zone', { zone: 'Mars/Base' }],
  ['template', { service: 'template', template: '{"a": {{alert_name}}}' }],
  ['template', { service: 'template', template: '' }],
  ['chat', { service: 'telegram', chat: 'my group' }],
] as const) {
  test(`${JSON.stringify(config)} is wrong, and says where`, () => {
    assert.deepEqual(readSettings(config, {}, ADDRESS), { wrong: property });
  });
}

test('an address that is none is wrong', () => {
  assert.deepEqual(readSettings({}, {}, 'ftp://a.example'), { wrong: 'url' });
});
