// Each case of test/fixtures/notify: the msgs that come, and the message that each service gets of them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { alertOf, severityOf } from '../../../nodes/notify/alert.ts';
import { packNext } from '../../../nodes/notify/pack.ts';
import { plan } from '../../../nodes/notify/plan.ts';
import { SERVICES } from '../../../nodes/notify/services/index.ts';
import { entryOf } from '../../../nodes/notify/text/entry.ts';
import { NOW_MS, SPEECH } from '../../support/notify.ts';

interface Case {
  /** The ids of those that were told before. */
  readonly told: readonly string[];
  readonly msgs: readonly { readonly payload: object }[];
}

const folder = join(import.meta.dirname, '../../fixtures/notify');
const target = {
  url: new URL('https://hooks.example.org/alerts'),
  ...{ token: '', user: '', password: '', chat: '-100123', template: '{"text": "{{title}}", "state": "{{state}}"}' },
};

for (const name of readdirSync(folder)) {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, name, file), 'utf8'));
  const { told, msgs } = read('msgs.json') as Case;
  const alerts = msgs.map((msg) => alertOf(msg, NOW_MS));
  const { lines } = plan(alerts, (id) => {
    const alert = alerts.find((other) => other.id === id);
    return alert !== undefined && told.includes(id) ? { state: 'told', severity: severityOf(alert) } : undefined;
  });
  const entries = lines.map((line) => entryOf(line, NOW_MS, SPEECH));
  for (const [kind, service] of Object.entries(SERVICES)) {
    test(`${kind} gets the message of the case ${name}`, () => {
      const { message } = packNext(entries, service, target, SPEECH, 5);
      const { body } = service.request(message, target);
      assert.deepEqual(JSON.parse(body), (read('expected.json') as { [kind: string]: unknown })[kind]);
    });
  }
}
