// Risk: foreign text forges lines of Node-RED's log, or steers the terminal that shows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { serve } from '../../support/http-servers.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { FORGED, STEERING_TEXTS } from '../../support/steering-texts.ts';
import { until } from '../../support/until.ts';

const TEXT = `${FORGED} ${STEERING_TEXTS.map(([text]) => text).join(' ')}`;
const SHOWN_LINE = /FORGED LINE/;
const STEERING = /[^\P{Cc}\n]|[\u2028\u2029\p{Bidi_Control}\ufeff]/u;

test('what an engine, a server and a msg say stays on its line and steers nothing', async (t) => {
  const receiver = await receiveTcp(t);
  // An engine whose every answer is an error, and a Graylog that refuses.
  const refusing = await serve(t, (_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: TEXT }));
  });
  const port = Number(new URL(refusing).port);
  const nodes = [
    {
      id: 'once',
      type: 'inject',
      once: true,
      onceDelay: 0.1,
      props: [{ p: 'payload' }],
      payload: TEXT,
      payloadType: 'str',
      wires: [['out', 'check']],
    },
    {
      id: 'check',
      type: 'http-check',
      interval: '0',
      retries: '0',
      url: `${refusing}/`,
      checkName: TEXT,
      wires: [['out']],
    },
    { id: 'out', type: 'graylog-out', server: 'receiver', port: '', wires: [] },
    { id: 'away', type: 'graylog-out', server: 'refusing', port: '', wires: [] },
    { id: 'events', type: 'docker-events-in', engine: 'engine', wires: [['out']] },
    { id: 'logs', type: 'docker-logs-in', engine: 'engine', wires: [['out']] },
  ];
  const red = await startNodeRed(t, {
    flow: [
      { id: 'tab1', type: 'tab', label: 'Flow' },
      ...nodes.map((node) => ({ ...node, name: node.id, z: 'tab1', x: 0, y: 0 })),
      { id: 'receiver', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: TEXT },
      { id: 'refusing', type: 'graylog-server', endpoints: refusing, host: 'test' },
      { id: 'engine', type: 'docker-engine', host: `tcp://127.0.0.1:${port}`, tls: '' },
    ],
  });
  const linesOf = (id: string): string[] =>
    red
      .log()
      .split('\n')
      .filter((line) => line.includes(`:${id}]`) && SHOWN_LINE.test(line));
  await until(
    () => ['events', 'check'].every((id) => linesOf(id).length > 0),
    30_000,
    () => red.log(),
  );
  await receiver.until((documents) => documents.length >= 2, 30_000);
  await red.stop();
  assert.doesNotMatch(red.log(), STEERING);
  assert.deepEqual(
    red
      .log()
      .split('\n')
      .filter(
        (line) => SHOWN_LINE.test(line) && !/^\d+ \w+ [\d:]+ - \[(?:warn|error)\] \[(?:http-check|docker)/.test(line),
      ),
    [],
  );
  for (const document of receiver.documents) {
    for (const [name, value] of Object.entries(document)) {
      if (name !== 'full_message') assert.doesNotMatch(String(value), STEERING, name);
    }
  }
});
