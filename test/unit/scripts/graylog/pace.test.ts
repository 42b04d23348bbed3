// Graylog before 7.1 reads all rules for each change of one: the installer waits for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptModule } from '../../../support/script.ts';

interface Kind {
  readonly name: string;
  readonly atOnce?: number;
}
const { Pace } = await scriptModule<{
  Pace: new (
    graylog: object,
  ) => { readonly isDue: boolean; after(kind: Kind): Promise<void>; settle(): Promise<boolean> };
}>('graylog/pace.js');
const { rule, pipeline, connection } = await scriptModule<{ rule: Kind; pipeline: Kind; connection: Kind }>(
  'graylog/kinds/parsing.js',
);
const { stream } = await scriptModule<{ stream: Kind }>('graylog/kinds/streams.js');
const AT_ONCE = rule.atOnce ?? 0;

type Node = { metrics: { metric: { count: number } }[] } | null;
const busy = (count: number): Node => ({ metrics: [{ metric: { count } }] });

/** A Graylog that answers these, one after the other, then that it has nothing to do. */
function graylogOf(...answers: { [node: string]: Node }[]) {
  const waiting = [...answers];
  const graylog = {
    asked: 0,
    post: async (path: string) => {
      assert.equal(path, '/cluster/metrics/multiple');
      graylog.asked += 1;
      return waiting.shift() ?? { one: busy(0) };
    },
  };
  return graylog;
}

test('it is asked after every sixteen rules, and again until it has read them', async () => {
  const graylog = graylogOf({ one: busy(16) }, { one: busy(9) }, { one: busy(2) });
  const pace = new Pace(graylog);
  for (let made = 1; made < AT_ONCE; made += 1) await pace.after(rule);
  assert.equal(graylog.asked, 0);
  await pace.after(rule);
  assert.equal(graylog.asked, 3);
  for (const kind of [pipeline, connection]) {
    for (let made = 0; made < AT_ONCE / 2; made += 1) await pace.after(kind);
  }
  assert.equal(graylog.asked, 4);
});

test('what is no rule is not waited for', async () => {
  const graylog = graylogOf();
  const pace = new Pace(graylog);
  for (let made = 0; made < 2 * AT_ONCE; made += 1) await pace.after(stream);
  assert.equal(graylog.asked, 0);
  assert.equal(pace.isDue, false);
});

test('at the end all nodes have to be through, one that does not answer as well', async () => {
  const graylog = graylogOf({}, { one: busy(0), two: busy(5) }, { one: busy(0), two: null });
  const pace = new Pace(graylog);
  await pace.after(rule);
  assert.equal(pace.isDue, true);
  assert.equal(await pace.settle(), true);
  assert.equal(graylog.asked, 4);
  assert.equal(pace.isDue, false);
});

test('a Graylog that does not tell is not waited for', async () => {
  const graylog = graylogOf({ one: { metrics: [] } });
  assert.equal(await new Pace(graylog).settle(), true);
  assert.equal(graylog.asked, 1);
});
