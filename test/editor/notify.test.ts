import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startChatService } from '../support/chat-services.ts';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';
import { faint } from '../support/readable.ts';

const TAB = { id: 'tab', type: 'tab', label: 'Flow' };

/** What a person enters for each service, and what the dialog says of the address. */
const ENTRIES = [
  ['slack', { url: 'https://hooks.slack.com/services/T0/B0/secret-wxyz' }, /^hooks\.slack\.com\/…wxyz: Slack/],
  [
    'mattermost',
    { url: 'https://chat.example.org/hooks/abcdefghijklmnopqrstuvwxyz' },
    /^chat\.example\.org\/…wxyz: Mattermost/,
  ],
  ['discord', { url: 'https://hooks.slack.com/services/T0/B0/secret-wxyz' }, /looks like Slack/],
  [
    'teams',
    { url: 'https://x.environment.api.powerplatform.com/a/workflows/b?sig=secret-wxyz' },
    /…wxyz: Microsoft Teams/,
  ],
  [
    'ntfy',
    { url: 'https://ntfy.sh/my-secret-topic', chat: '', user: 'me', password: 'secret' },
    /^ntfy\.sh\/…opic: ntfy/,
  ],
  ['telegram', { token: '1:secret', chat: '-100123/45' }, /^$/],
  ['json', { url: 'nowhere at all' }, /not an http or https address/],
  [
    'template',
    { url: 'https://hooks.example.org/alerts-wxyz', template: '{"a": "{{title}} {{nonsense}}"}' },
    /a template of mine/,
  ],
] as const;

for (const { name, options, skip } of EDITORS) {
  test(
    `the dialog of notify shows the fields of each service, and what it is given, without the secret, in ${name}`,
    skip,
    async (t) => {
      const red = await startNodeRed(t, { ...options, flow: [TAB] });
      const editor = await openEditor(t, red.url);
      for (const [service, values, hint] of ENTRIES) {
        const dialog = await editor.open(await editor.drop('notify', 300, 200));
        await dialog.set('service', service);
        for (const [field, value] of Object.entries(values)) await dialog.set(field, value);
        assert.match((await dialog.form.locator('#node-input-notify-hint').textContent()) ?? '', hint, service);
        if (service === 'template')
          assert.match((await dialog.form.locator('#node-input-notify-names').textContent()) ?? '', /\{\{nonsense\}\}/);
        for (const theme of ['light', 'dark'] as const) {
          await editor.theme(theme);
          await editor.screenshot(`notify-${service}-${theme}-${name}`);
          assert.deepEqual(await faint(dialog.form, 3), []);
        }
        await editor.theme('light');
        await dialog.cancel();
      }
      assert.deepEqual(editor.faults(), []);
    },
  );

  test(
    `from nothing to a test message: the Test button needs no Deploy, and the address comes back from nowhere, in ${name}`,
    skip,
    async (t) => {
      const slack = await startChatService(t, 'slack');
      const red = await startNodeRed(t, { ...options, flow: [TAB] });
      const editor = await openEditor(t, red.url);
      const id = await editor.drop('notify', 300, 200);
      const dialog = await editor.open(id);
      await dialog.set('url', slack.address);
      await dialog.control('notify-test').click();
      await dialog.control('notify-result').getByText('HTTP 200 ok').waitFor();
      await editor.screenshot(`notify-tested-${name}`);
      assert.match(slack.shown[0] ?? '', /^TEST /);
      await dialog.done();
      await editor.deploy();
      await editor.load();
      const again = await editor.open(id);
      await again.form.getByText(/^now: 127\.0\.0\.1:\d+\/…WxYz$/).waitFor();
      await again.control('notify-test').click();
      await again.control('notify-result').getByText('HTTP 200 ok').waitFor();
      assert.equal(slack.shown.length, 2);
      assert.doesNotMatch(JSON.stringify(await red.api('/flows')), /sLaCk/);
      assert.doesNotMatch(JSON.stringify(await red.api(`/credentials/notify/${id}`)), /sLaCk/);
      assert.deepEqual(editor.faults(), []);
    },
  );
}
