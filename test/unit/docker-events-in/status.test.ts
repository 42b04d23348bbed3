import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStatus, type EventStatusOptions } from '../../../nodes/docker-events-in/status.ts';

const NOON = Date.parse('2026-11-26T12:00:00Z');
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** What is shown, each as its state and its key. */
function status(options: Partial<EventStatusOptions> = {}) {
  const shown: string[] = [];
  const shows = new EventStatus({
    reporter: { report: (state, key) => void shown.push(`${state} ${key}`) },
    place: '/var/run/docker.sock',
    isPods: false,
    zone: 'UTC',
    hadEngine: false,
    emptyFolder: () => undefined,
    explain: () => 'why',
    translate: (key) => key,
    ...options,
  });
  return { shows, shown };
}

test('events are counted from the first one on, and shown while the engine is there', () => {
  const { shows, shown } = status();
  shows.told(NOON);
  shows.connected();
  shows.told(NOON);
  assert.deepEqual(shown, ['busy status.connecting', 'ok status.oneEvent', 'ok status.events']);
});

test('an engine that was there and went away is a fault, which an event that was still under way does not hide', () => {
  const { shows, shown } = status();
  shows.connected();
  shows.lost(refused);
  shows.told(NOON);
  assert.deepEqual(shown.slice(1), ['ok status.connected', 'fault status.lost']);
});

test('an engine that a host never had is no fault, unless an earlier run has reached it', () => {
  const missing = Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' });
  const [never, before] = [status(), status({ hadEngine: true })];
  for (const { shows } of [never, before]) shows.lost(missing);
  assert.deepEqual([never.shown.at(-1), before.shown.at(-1)], ['idle status.noSocket', 'fault status.noSocket']);
});

test('a folder that no container has is said, and pods have words of their own', () => {
  const empty = status({ emptyFolder: () => '/srv/shop' });
  empty.shows.connected();
  assert.equal(empty.shown.at(-1), 'ok status.emptyFolder');
  const pods = status({ isPods: true });
  pods.shows.connected();
  pods.shows.lost(refused);
  assert.deepEqual(pods.shown.slice(1), ['ok status.pods', 'fault status.noPods']);
});
