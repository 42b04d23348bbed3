import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvent } from '../../../lib/docker/events.ts';
import { eventMessage } from '../../../nodes/docker-events-in/event.ts';
import { Inventory } from '../../../nodes/docker-events-in/inventory.ts';
import { eventLine, ID, NANOS, nanosAt } from '../../support/docker-events.ts';

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

test('codes and signals are the engine’s, and a label’s of that name never', () => {
  const inventory = new Inventory();
  const labels = { exitCode: '0', signal: 'KILL', oldName: '/forged', name: 'web', image: 'i:1' };
  const tell = (action: string, attributes: object = labels): ReturnType<typeof eventMessage>['payload'] =>
    eventMessage(inventory.apply(parseEvent(eventLine(action, attributes))) ?? assert.fail(), 'h').payload;
  for (const action of ['create', 'start', 'die', 'kill', 'stop', 'restart', 'destroy']) {
    const { exit_code, signal, message, level } = tell(action);
    assert.deepEqual([exit_code, signal], [undefined, undefined], action);
    assert.doesNotMatch(String(message), /exit code 0|KILL/);
    if (action === 'die') assert.deepEqual([level, /exit code unknown/.test(String(message))], [4, true]);
  }
  // Its labels are not known: it was made before anybody listened.
  assert.equal(tell('die').exit_code, undefined);
  tell('create', { name: 'web' });
  assert.equal(tell('die', { name: 'web', exitCode: '3' }).exit_code, 3);
  assert.equal(tell('kill', { name: 'web', signal: '9' }).signal, '9');
  assert.equal(tell('rename', { name: 'other', oldName: '/web' }).container_name_before, 'web');
});

test('a rename has both names', () => {
  const inventory = new Inventory();
  inventory.apply(parseEvent(eventLine('create', { name: 'web', oldName: 'label' })));
  const told = inventory.apply(parseEvent(eventLine('rename', { name: 'shop', oldName: 'label' })));
  const { payload } = eventMessage(told ?? assert.fail(), 'h');
  assert.deepEqual([payload.container_name, payload.container_name_before], ['shop', 'web']);
  assert.equal(payload.message, 'container shop rename (before web)');
});

test('images have their tag or digest', () => {
  const id = `sha256:${'a'.repeat(64)}`;
  const nameOf = (action: string, ID: string, name?: string): unknown => {
    const attributes = name === undefined ? {} : { name };
    const event = eventLine(action, attributes, { Type: 'image', Actor: { ID, Attributes: attributes } });
    return eventMessage(parseEvent(event), 'h').payload.image_name;
  };
  const repository = 'registry.example:5000/team/app';
  assert.equal(nameOf('pull', `${repository}:1.27`, repository), `${repository}:1.27`);
  assert.equal(nameOf('pull', `${repository}@${id}`, repository), `${repository}@${id}`);
  assert.equal(nameOf('tag', id, 'app:2'), 'app:2');
  assert.equal(nameOf('pull', 'a'.repeat(64), `${repository}:3`), `${repository}:3`);
  assert.equal(nameOf('delete', id, id), id);
  assert.equal(nameOf('untag', id), id);
});

test('networks, volumes and services have their name as a field', () => {
  const nameOf = (Type: string, ID: string, attributes: object): unknown => {
    const { payload } = eventMessage(
      parseEvent(eventLine('create', {}, { Type, Actor: { ID, Attributes: attributes } })),
      'h',
    );
    return payload.object_name;
  };
  assert.equal(nameOf('network', 'f00', { name: 'shop_default' }), 'shop_default');
  assert.equal(nameOf('volume', 'shop_data', {}), 'shop_data');
  assert.equal(nameOf('service', 'x1', { name: 'shop_web' }), 'shop_web');
  assert.equal(nameOf('container', 'c', { name: 'web' }), undefined);
  assert.equal(nameOf('image', 'i:1', { name: 'i' }), undefined);
});

test('a task of a Swarm has its service', () => {
  const attributes = { name: 'web.1.x', 'com.docker.swarm.service.name': 'web' };
  assert.equal(eventMessage(parseEvent(eventLine('start', attributes)), 'h').payload.swarm_service, 'web');
  const service = eventLine('update', {}, { Type: 'service', Actor: { ID: 's', Attributes: { name: 'web' } } });
  assert.equal(eventMessage(parseEvent(service), 'h').payload.swarm_service, 'web');
});

test('what Podman calls otherwise is told as Docker’s, and its health once a change', () => {
  const inventory = new Inventory();
  const tell = (action: string, more: object = {}): ReturnType<typeof eventMessage> | undefined => {
    const told = inventory.apply(parseEvent(eventLine(action, { name: 'web' }, more)));
    return told === undefined ? undefined : eventMessage(told, 'h');
  };
  tell('create');
  tell('start');
  const health = (value: string): unknown[] => {
    const { payload } = tell('health_status', { HealthStatus: value }) ?? {};
    return payload === undefined ? [] : [payload.health_status, payload.level];
  };
  assert.deepEqual(health('healthy'), ['healthy', 6]);
  assert.deepEqual(health('healthy'), []);
  assert.deepEqual(health('unhealthy'), ['unhealthy', 4]);
  assert.deepEqual(health('unhealthy'), []);
  tell('start');
  assert.deepEqual(health('unhealthy'), ['unhealthy', 4]);
  const removed = tell('remove');
  assert.deepEqual([removed?.payload.event_action, removed?.topic], ['destroy', 'docker/event/destroy']);
  assert.equal(removed?.event.action, 'remove');
  assert.deepEqual(inventory.compare([], nanosAt(100)), []);
});
