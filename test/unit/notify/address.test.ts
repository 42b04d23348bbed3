import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masked, parseAddress, serviceOf, withoutSecrets } from '../../../nodes/notify/address.ts';

for (const [address, kind] of [
  ['https://hooks.slack.com/services/T0/B0/secretsecret', 'slack'],
  ['hooks.slack.com/services/T0/B0/secretsecret', 'slack'],
  ['https://discord.com/api/webhooks/1/token', 'discord'],
  ['https://ptb.discord.com/api/v10/webhooks/1/token', 'discord'],
  ['https://discord.com/api/webhooks/1/token/slack', 'slack'],
  ['https://x.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/a?sig=b', 'teams'],
  ['https://example.webhook.office.com/webhookb2/a', 'teams'],
  ['https://api.telegram.org/bot1:a', 'telegram'],
  ['https://ntfy.sh/topic', 'ntfy'],
  ['https://ntfy.example.org/topic', 'ntfy'],
  ['https://chat.example.org/hooks/abcdefghijklmnopqrstuvwxyz', 'mattermost'],
  ['https://hooks.example.org/alerts', undefined],
] as const) {
  test(`${address} is ${kind ?? 'of no service that is known'}, and never refused`, () => {
    const url = parseAddress(address);
    assert.ok(url);
    assert.equal(serviceOf(url), kind);
  });
}

test('an address is http or https, whatever stands behind the host', () => {
  for (const text of ['', ' ', 'ftp://a.example', 'two words', 'https://', 'javascript:alert(1)'])
    assert.equal(parseAddress(text), undefined, text);
});

test('an address is shown by its host and its last four characters', () => {
  assert.equal(masked(new URL('https://hooks.slack.com/services/T0/B0/aBcDeFgH')), 'hooks.slack.com/…eFgH');
  assert.equal(masked(new URL('https://u:p4ssw0rd@h.example:8443/a?sig=s3cr3t%2Fwxyz')), 'h.example:8443/…wxyz');
  assert.equal(masked(new URL('https://h.example/short')), 'h.example');
});

test('what others say of a secret is said without it', () => {
  const target = {
    url: new URL('https://u:p4ssw0rd@h.example/hooks/aBcDeFgHiJ?sig=s3cr3t%2Fwxyz1'),
    ...{ token: 'tOkEn123', user: '', password: 'pw-of-mine', chat: '', template: '' },
  };
  const said = `no ${target.url.href} or /hooks/aBcDeFgHiJ or aBcDeFgHiJ with tOkEn123, pw-of-mine, p4ssw0rd, s3cr3t/wxyz1`;
  const shown = withoutSecrets(said, target);
  for (const secret of ['aBcDeFg', 'tOkEn123', 'pw-of-mine', 'p4ssw0rd', 's3cr3t'])
    assert.ok(!shown.includes(secret), shown);
  assert.match(shown, /^no h\.example\/…xyz1/);
});
