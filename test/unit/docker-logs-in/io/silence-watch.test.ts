import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { longerQuietMs, quietMsAfter, SilenceWatch } from '../../../../nodes/docker-logs-in/io/silence-watch.ts';
import { until } from '../../../support/until.ts';

function watch(t: TestContext, isOwed: () => Promise<boolean>) {
  const stream = { bytes: 0, isHeldBack: false, looks: 0, asked: 0, stood: 0 };
  const silence = new SilenceWatch({
    bytesRead: () => stream.bytes,
    isHeldBack: () => {
      stream.looks += 1;
      return stream.isHeldBack;
    },
    isOwed: () => {
      stream.asked += 1;
      return isOwed();
    },
    standsStill: () => {
      stream.stood += 1;
    },
    isAskedAlways: () => false,
    quietMs: 20,
    lookMs: 5,
  });
  t.after(() => silence.close());
  return stream;
}

test('a silent stream is asked for again and again, and stands still once it owes something', async (t) => {
  const answers = [false, false, true];
  const stream = watch(t, async () => answers.shift() ?? assert.fail());
  await until(() => stream.stood === 1);
  assert.equal(stream.asked, 3);
});

test('what comes while the engine is asked is what was asked for, and an engine that does not answer says nothing', async (t) => {
  const stream = watch(t, async () => {
    if (stream.asked > 1) throw new RangeError('no answer');
    stream.bytes += 1;
    return true;
  });
  await until(() => stream.asked === 3);
  assert.equal(stream.stood, 0);
});

test('a stream that is held back is not silent', async (t) => {
  const stream = watch(t, async () => true);
  stream.isHeldBack = true;
  await until(() => stream.looks >= 20);
  assert.equal(stream.asked, 0);
  stream.isHeldBack = false;
  await until(() => stream.stood === 1);
});

test('what costs an engine much is done seldom', () => {
  assert.equal(quietMsAfter(5), 30_000);
  assert.equal(quietMsAfter(4_000), 80_000);
  assert.equal(quietMsAfter(1e9), 600_000);
  assert.equal(longerQuietMs(30_000), 60_000);
  assert.equal(longerQuietMs(500_000), 600_000);
});
