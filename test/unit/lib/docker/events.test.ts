import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionDetail, actionOf, containerOf, eventId, parseEvent } from '../../../../lib/docker/events.ts';
import { eventLine, eventOf, ID, NANOS } from '../../../support/docker-events.ts';

test('`parseEvent()` keeps every digit of the time', () => {
  assert.equal(parseEvent(eventLine('start')).nanos, NANOS);
  assert.equal(parseEvent(eventLine('start', { '"timeNano":7': '"timeNano":8' })).nanos, NANOS);
  const old = '{"Type":"container","Action":"die","Actor":{"ID":"x"},"time":1795456800}';
  assert.equal(parseEvent(old).nanos, '1795456800000000000');
});

test('`parseEvent()` throws where the line is no event', () => {
  const lines = ['', '{', '{}', 'null', '[]', '7', '{"Type":"container","Action":"die"}'];
  lines.push('{"Type":"container","Action":"die","Actor":{"ID":"x"}}', '{"Type":1,"Action":"die","Actor":{"ID":"x"}}');
  for (const line of lines) assert.throws(() => parseEvent(line), { code: 'EVENT_MALFORMED' }, line);
});

test('`parseEvent()` takes an event without attributes, and leaves out what is no text', () => {
  for (const attributes of ['null', '[]', '{}', '{"a":1}']) {
    const line = `{"Type":"image","Action":"pull","Actor":{"ID":"x","Attributes":${attributes}},"time":1}`;
    assert.deepEqual(parseEvent(line).event.Actor, { ID: 'x', Attributes: {} }, attributes);
  }
});

test('an action is a word; what follows it is its detail', () => {
  assert.equal(actionOf(eventOf('exec_create: sh -c date')), 'exec_create');
  assert.equal(actionDetail(eventOf('health_status: unhealthy')), 'unhealthy');
  assert.equal(actionDetail(eventOf('start')), undefined);
});

test('`eventId()` is the same for an event that is read again, and for a removal that was found', () => {
  const event = eventOf('destroy');
  assert.equal(eventId({ event, nanos: '1' }), `container-destroy-${ID}-1`);
  assert.equal(eventId({ event, nanos: '2', isFound: true }), `container-destroy-${ID}-found`);
  assert.equal(eventId({ event: eventOf('die'), nanos: '2', isFound: true }), `container-die-${ID}-2`);
});

test('`containerOf()` takes name, image and labels from the attributes', () => {
  const attributes = { name: 'web', image: 'nginx', team: 'blue' };
  assert.deepEqual(containerOf(eventOf('start', attributes)), {
    id: ID,
    name: 'web',
    image: 'nginx',
    labels: attributes,
  });
});
