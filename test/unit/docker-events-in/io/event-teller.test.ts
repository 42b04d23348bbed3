import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { parseEvent } from '../../../../lib/docker/events.ts';
import { eventMessage } from '../../../../nodes/docker-events-in/event.ts';
import { type EventSettings, eventFilter } from '../../../../nodes/docker-events-in/filter.ts';
import { EventTeller } from '../../../../nodes/docker-events-in/io/event-teller.ts';
import type { ToldEvent } from '../../../../nodes/docker-events-in/told-event.ts';
import { eventLine, ID } from '../../../support/docker-events.ts';
import { clientFor, type FakeEngine, fakeContainer, startFakeEngine } from '../../../support/fake-engine.ts';
import { until } from '../../../support/until.ts';

interface Telling {
  readonly engine: FakeEngine;
  readonly teller: EventTeller;
  readonly told: string[];
}

async function startTelling(t: TestContext, settings: EventSettings = {}): Promise<Telling> {
  const engine = await startFakeEngine(t);
  const told: string[] = [];
  const tell = (event: ToldEvent): void => {
    const {
      event_action: action,
      container_name: name,
      object_name: object,
      exit_code: code,
    } = eventMessage(event, 'h').payload;
    told.push([action, name ?? object, code].filter((part) => part !== undefined).join(' '));
  };
  const teller = new EventTeller({ client: clientFor(t, engine.host), filter: eventFilter(settings), tell });
  return { engine, teller, told };
}

const ended = { ...fakeContainer(ID, { Running: false, FinishedAt: '2026-11-23T18:00:00Z', ExitCode: 3 }) };
const event = (action: string, attributes: object, more: object = {}): ToldEvent => ({
  ...parseEvent(eventLine(action, attributes, more)),
  disputed: ['exitCode'].filter((name) => name in attributes),
});

test('what needs no answer is told at once', async (t) => {
  const { teller, told } = await startTelling(t);
  assert.equal(teller.hear([event('start', { name: 'web' }), event('die', { name: 'web' })]), undefined);
  assert.deepEqual(told, ['start web', 'die web']);
});

test('a code that a label hides is asked for, and what comes after it waits', async (t) => {
  const { engine, teller, told } = await startTelling(t);
  // However long the answer takes on a busy machine.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  engine.containers = [ended];
  const first = teller.hear([event('die', { name: 'web', exitCode: '0' })]);
  const second = teller.hear([event('destroy', { name: 'web' })]);
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(told, []);
  await second;
  assert.deepEqual(told, ['die web 3', 'destroy web']);
  assert.equal(teller.hear([event('start', { name: 'web' })]), undefined);
});

test('a code of a container that is gone stays unknown', async (t) => {
  const { teller, told } = await startTelling(t);
  await teller.hear([event('die', { name: 'web', exitCode: '0' })]);
  assert.deepEqual(told, ['die web']);
});

test('after the stop nothing is told', async (t) => {
  const { engine, teller, told } = await startTelling(t);
  let waiting: ServerResponse | undefined;
  engine.answer = ({ path }, response) => {
    if (path !== `/containers/${ID}/json`) return false;
    waiting = response;
    return true;
  };
  const hearing = teller.hear([event('die', { name: 'web', exitCode: '0' }), event('start', { name: 'web' })]);
  await until(() => waiting !== undefined);
  teller.stop();
  waiting?.end(JSON.stringify(ended));
  await hearing;
  assert.deepEqual(told, []);
});

test('a network that is gone is still known by its label', async (t) => {
  const { engine, teller, told } = await startTelling(t, { project: 'shop' });
  const label = (project: string): object => ({ 'com.docker.compose.project': project });
  engine.answer = ({ path }, response) => {
    const answers: { [path: string]: unknown } = {
      '/networks': [
        { Id: 'n1', Name: 'any', Labels: label('shop') },
        { Id: 'n2', Name: 'shop_forged', Labels: label('other') },
      ],
      '/volumes': { Volumes: null },
      '/volumes/new': { Name: 'new', Labels: label('shop') },
    };
    if (!(path in answers)) return false;
    response.end(JSON.stringify(answers[path]));
    return true;
  };
  const of = (Type: string, action: string, id: string, name?: string): ToldEvent =>
    event(action, {}, { Type, Actor: { ID: id, Attributes: name === undefined ? {} : { name } } });
  teller.connected();
  await teller.hear([
    of('network', 'destroy', 'n1', 'any'),
    of('network', 'destroy', 'n2', 'shop_forged'),
    // Nobody can say any more: its name decides.
    of('network', 'destroy', 'n3', 'shop_default'),
    of('volume', 'create', 'new'),
    of('volume', 'create', 'unknown'),
  ]);
  assert.deepEqual(told, ['destroy any', 'destroy shop_default', 'create new']);
});
