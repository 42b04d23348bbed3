import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutboxView } from '../../../nodes/notify/io/sending.ts';
import { shownOf } from '../../../nodes/notify/status.ts';
import { NOW_MS, SPEECH, translate } from '../../support/notify.ts';

const VIEW: OutboxView = { waiting: 0, untold: 0, isStopped: false };
const wait = { reason: 'HTTP 429 slow down', code: '429', isFault: false };

for (const [text, state, view, hasAddress] of [
  ['no address', 'idle', VIEW, false],
  ['3 alerts, nobody told', 'idle', { ...VIEW, waiting: 4, untold: 3 }, false],
  ['1 alert, nobody told', 'idle', { ...VIEW, untold: 1 }, false],
  ['ready', 'ok', VIEW, true],
  ['3 collected', 'busy', { ...VIEW, waiting: 3 }, true],
  ['3 waiting: 429', 'warning', { ...VIEW, waiting: 3, problem: wait }, true],
  [
    '3 waiting: ECONNREFUSED',
    'fault',
    { ...VIEW, waiting: 3, problem: { ...wait, code: 'ECONNREFUSED', isFault: true } },
    true,
  ],
  ['stopped: 404', 'fault', { ...VIEW, isStopped: true, problem: { ...wait, code: '404', isFault: true } }, true],
  ['told 14:02', 'ok', { ...VIEW, takenMs: NOW_MS }, true],
  ['accepted 14:02', 'ok', { ...VIEW, takenMs: NOW_MS, isOnlyAccepted: true }, true],
] as const) {
  test(`the status is "${text}", ${state}`, () => {
    const shown = shownOf(view, hasAddress, SPEECH.moment, NOW_MS);
    assert.equal(shown.state, state);
    const words = translate(`status.${shown.key}`, shown.args);
    assert.equal(words, text);
    assert.ok(words.length <= 24);
  });
}
