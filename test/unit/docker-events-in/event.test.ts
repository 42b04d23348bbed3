import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvent } from '../../../lib/docker/events.ts';
import { eventMessage } from '../../../nodes/docker-events-in/event.ts';
import { eventLine, ID, NANOS } from '../../support/docker-events.ts';

test('`eventMessage()` makes the contract’s record and the object of docker-compose', () => {
  const attributes = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    exitCode: '137',
    image: 'nginx:1',
    name: 'shop_web_1',
    team: 'blue',
  };
  const message = eventMessage(parseEvent(eventLine('die', attributes)), 'host-1');
  assert.equal(message.topic, 'docker/event/die');
  assert.deepEqual(message.payload, {
    log_type: 'docker_event',
    time: '2026-11-23T18:00:00.123Z',
    host: 'host-1',
    level: 3,
    message: 'container shop_web_1 die (exit code 137, image nginx:1)',
    event_id: `container-die-${ID}-${NANOS}`,
    event_type: 'container',
    event_action: 'die',
    container_id: ID,
    container_name: 'shop_web_1',
    image_name: 'nginx:1',
    exit_code: 137,
    compose_project: 'shop',
    compose_service: 'web',
  });
  const { time, ...rest } = message.event;
  assert.match(time, /^2026-11-2\dT\d\d:\d\d:00\.123456$/);
  assert.deepEqual(rest, {
    type: 'container',
    action: 'die',
    id: ID,
    service: 'web',
    attributes: { exitCode: '137', image: 'nginx:1', name: 'shop_web_1', team: 'blue' },
  });
});

test('the level says how bad an event is', () => {
  const level = (action: string, attributes: object = {}): number =>
    eventMessage(parseEvent(eventLine(action, attributes)), 'h').payload.level;
  assert.equal(level('die', { exitCode: '0' }), 6);
  assert.equal(level('die', { exitCode: '1' }), 3);
  assert.equal(level('oom'), 3);
  assert.equal(level('kill', { signal: '15' }), 5);
  assert.equal(level('health_status: unhealthy'), 4);
  assert.equal(level('health_status: healthy'), 6);
  assert.equal(level('start'), 6);
});

test('a health event has its status as a field of its own', () => {
  const { payload, topic } = eventMessage(parseEvent(eventLine('health_status: unhealthy')), 'h');
  assert.deepEqual(
    [topic, payload.event_action, payload.health_status],
    ['docker/event/health_status', 'health_status', 'unhealthy'],
  );
});
