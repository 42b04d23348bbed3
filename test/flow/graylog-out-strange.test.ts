import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import registerOut from '../../nodes/graylog-out/graylog-out.ts';
import registerServer from '../../nodes/graylog-server/graylog-server.ts';
import { runFlow } from '../support/flow.ts';
import { receiveTcp } from '../support/graylog.ts';
import { strangePayload } from '../support/strange-payloads.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

const COUNT = 5_000;

const { util } = createRequire(import.meta.url)('@node-red/util') as { util: { cloneMessage(msg: object): object } };

/** Node-RED copies every msg on its way to a Complete node: what it cannot copy ends there, before or after our node. */
function isCloneable(msg: object): boolean {
  try {
    util.cloneMessage(msg);
    return true;
  } catch {
    return false;
  }
}

test(`each of ${COUNT} arbitrary msgs completes once or is caught once, and Graylog takes what is sent`, {
  timeout: 6 * PATIENCE_MS,
}, async (t) => {
  const receiver = await receiveTcp(t);
  const flow = await runFlow(
    t,
    [registerServer, registerOut],
    [
      { id: 'f', type: 'tab' },
      { id: 's', type: 'graylog-server', endpoints: `127.0.0.1:${receiver.port}`, host: 'web-1' },
      { id: 'out', z: 'f', type: 'graylog-out', server: 's', port: '' },
      { id: 'c', z: 'f', type: 'complete', scope: ['out'], wires: [['completed']] },
      { id: 'e', z: 'f', type: 'catch', scope: ['out'], wires: [['caught']] },
      { id: 'completed', z: 'f', type: 'helper' },
      { id: 'caught', z: 'f', type: 'helper' },
    ],
  );
  const ended = new Map<unknown, string[]>();
  for (const end of ['completed', 'caught']) {
    flow.node(end).on('input', (msg) => {
      const { n } = msg as unknown as { n: number };
      ended.set(n, [...(ended.get(n) ?? []), end]);
    });
  }
  let n = 0;
  while (n < COUNT) {
    for (const make of fc.sample(strangePayload, 500)) {
      const msg = { payload: make(), n };
      if (n >= COUNT || !isCloneable(msg)) continue;
      flow.node('out').receive(msg as never);
      n += 1;
      if (n % 20 === 0) await nextTurn();
    }
  }
  await until(
    () => ended.size >= COUNT,
    2 * PATIENCE_MS,
    () => `${COUNT} ends, there are ${ended.size}`,
  );
  const several = [...ended].filter(([, ends]) => ends.length !== 1);
  assert.deepEqual(several, []);
  const completed = [...ended.values()].filter(([end]) => end === 'completed').length;
  await receiver.until((all) => all.length >= completed);
  // A sender that had to connect again, as on a busy machine, sends again what was not confirmed.
  if (receiver.connections === 1) assert.equal(receiver.documents.length, completed);
  assert.deepEqual(receiver.faults, []);
});
