import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipUnwantedMetrics } from '../../../lib/node-metrics.ts';

for (const [wanted, logged] of [
  [false, []],
  [true, ['node.x.send']],
] as const) {
  test(`a node's metric is ${wanted ? 'logged where a logger wants metrics' : 'left out where no logger does'}`, () => {
    const seen: unknown[] = [];
    const node = {
      type: 'x',
      metric(event?: string, msg?: object) {
        if (event === undefined) return wanted;
        seen.push(`node.${this.type}.${event}`);
        assert.deepEqual(msg, { _msgid: '1' });
        return undefined;
      },
    };
    skipUnwantedMetrics(node, { metric: () => wanted });
    node.metric('send', { _msgid: '1' });
    assert.deepEqual(seen, logged);
    assert.equal(node.metric(), wanted, 'asked whether metrics are wanted');
  });
}

test('a node without metrics is left as it is', () => {
  const node = {};
  skipUnwantedMetrics(node, { metric: () => false });
  assert.deepEqual(node, {});
});
