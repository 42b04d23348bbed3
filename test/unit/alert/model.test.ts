// The node's core against slow and obvious models, over random records, clocks, Deploys and kills.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AlertBench, MINUTE } from '../../support/alert-bench.ts';
import { CountModel, StateModel } from '../../support/alert-model.ts';

const RUNS = { numRuns: 300, seed: 20_261_126 };
const STATE = { kind: 'state', field: 's', bad: 'bad', good: 'good', each: ['k'], floodMessages: '0' };
const EDITS = [{}, { text: 'other' }, { name: 'other' }, { floodMinutes: '5' }, { silences: [] }];

type Step =
  | { readonly do: 'take'; readonly key: string; readonly value: 'good' | 'bad' | 'other'; readonly agoMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'deploy'; readonly edit: number }
  | { readonly do: 'kill'; readonly offMs: number }
  | { readonly do: 'silence'; readonly minutes: number }
  | { readonly do: 'wake' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.constantFrom('good', 'bad', 'other'),
      agoMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 110_000 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 100, max: 300_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deploy' as const), edit: fc.nat({ max: EDITS.length - 1 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('kill' as const), offMs: fc.integer({ min: 0, max: 600_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('silence' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wake' as const) }) },
);

/** Does a step to the node's core, and to the model of a state where there is one. */
class Play {
  readonly bench: AlertBench;
  readonly model: StateModel | undefined;
  config: object;

  constructor(config: object, model?: StateModel) {
    this.config = config;
    this.bench = new AlertBench(config);
    this.model = model;
  }

  do(one: Step): void {
    const { bench, model } = this;
    if (one.do === 'take') this.#take(one);
    else if (one.do === 'pass') this.pass(one.ms);
    else if (one.do === 'deploy') bench.deploy({ ...this.config, ...EDITS[one.edit] });
    else if (one.do === 'kill') bench.kill(one.offMs, this.config);
    else if (one.do === 'silence') {
      bench.command({ silence: `${one.minutes}m` });
      model?.silence(bench.nowMs + one.minutes * MINUTE, bench.nowMs);
    } else {
      bench.command({ wake: true });
      model?.silence(0, bench.nowMs);
    }
  }

  pass(ms: number): void {
    const { bench, model } = this;
    for (const endMs = bench.nowMs + ms; bench.nowMs < endMs; model?.tick(bench.nowMs))
      bench.pass(Math.min(1000, endMs - bench.nowMs));
  }

  #take({ key, value, agoMs }: Step & { readonly do: 'take' }): void {
    const { bench, model } = this;
    bench.take({ k: key, s: value }, agoMs);
    model?.take({ key, value, timeMs: bench.nowMs - agoMs, arrivalMs: bench.nowMs });
    // What was judged without a message is kept within ten seconds, and what is killed before that is read again.
    bench.keep();
  }
}

/** Every story of an alert begins with its firing, has one end at most, and nothing after it. */
function assertStories(bench: AlertBench): void {
  const open = new Map<unknown, boolean>();
  for (const { record } of bench.told) {
    const { alert_id: id, alert_state: state } = record;
    assert.notEqual(open.get(id), false, `${id} goes on after its end`);
    assert.ok(open.has(id) || state === 'firing', `${id} ends before it began`);
    open.set(id, state === 'firing');
    assert.ok(Number(record.alert_duration_seconds) >= 0);
  }
}

test('a state: what is told is what the model tells, whatever is deployed, killed and silenced', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new StateModel();
      const play = new Play(STATE, model);
      for (const one of steps) play.do(one);
      const { bench } = play;
      bench.pass(1000);
      model.tick(bench.nowMs);
      const story = bench.told.map(({ record }) => `${record.alert_state} ${record.alert_key}`);
      // Of what is due in the same moment, the order is nobody's business.
      assert.deepEqual(story.toSorted(), model.story.toSorted());
      for (const key of ['a', 'b', 'c'])
        assert.deepEqual(
          story.filter((line) => line.endsWith(key)),
          model.story.filter((line) => line.endsWith(key)),
        );
      assertStories(bench);
    }),
    RUNS,
  );
});

const COUNT = { kind: 'count', threshold: '4', windowSeconds: '60', endSeconds: '120' };

type CountStep =
  | { readonly do: 'take'; readonly agoMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'kill'; readonly offMs: number };

/** The same for a count. After a kill the source reads its last records again. */
class CountPlay {
  readonly bench = new AlertBench(COUNT);
  readonly model = new CountModel(4, 60_000, 120_000);
  readonly #read: [id: string, timeMs: number][] = [];

  do(one: CountStep): void {
    const { bench, model } = this;
    if (one.do === 'take') {
      const hit: [string, number] = [`e${this.#read.length}`, bench.nowMs - one.agoMs];
      this.#read.push(hit);
      this.#take(...hit);
    } else if (one.do === 'pass') {
      for (const endMs = bench.nowMs + one.ms; bench.nowMs < endMs; model.tick(bench.nowMs))
        bench.pass(Math.min(1000, endMs - bench.nowMs));
    } else {
      bench.keep();
      bench.kill(one.offMs);
      for (const [id, timeMs] of this.#read.slice(-3)) if (bench.nowMs - timeMs <= 120_000) this.#take(id, timeMs);
    }
  }

  #take(id: string, timeMs: number): void {
    this.bench.take({ event_id: id }, this.bench.nowMs - timeMs);
    this.model.take(id, timeMs);
  }
}

test('a count: it rings and ends as the model says, over kills after which a source reads again', () => {
  const hit = fc.record({ do: fc.constant('take' as const), agoMs: fc.integer({ min: 0, max: 110_000 }) });
  const pass = fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60_000 }) });
  const kill = fc.record({ do: fc.constant('kill' as const), offMs: fc.integer({ min: 0, max: 30_000 }) });
  const steps = fc.array(
    fc.oneof({ weight: 8, arbitrary: hit }, { weight: 4, arbitrary: pass }, { weight: 1, arbitrary: kill }),
    {
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const play = new CountPlay();
      for (const one of all) play.do(one);
      const story = play.bench.told.map(({ record }) => String(record.alert_state));
      assert.deepEqual(story, play.model.story);
      assertStories(play.bench);
    }),
    RUNS,
  );
});

test('any kind, any clock: no end without a beginning, one end, no negative time, and nothing throws', () => {
  const kinds = [
    STATE,
    {
      kind: 'limit',
      field: 'v',
      limit: '5',
      end: '3',
      critical: '8',
      forSeconds: '30',
      each: ['k'],
      remindMinutes: '2',
    },
    {
      kind: 'count',
      counts: 'sum',
      countField: 'v',
      threshold: '9',
      each: ['k'],
      floodMessages: '2',
      floodMinutes: '1',
    },
    { kind: 'count', counts: 'distinct', countField: 'v', threshold: '3' },
    {
      kind: 'match',
      ends: 'after',
      endSeconds: '60',
      each: ['k'],
      only: { rules: [{ field: 's', operator: 'is', value: 'bad' }] },
    },
    { kind: 'absence', silentSeconds: '60', each: ['k'], expected: 'd', forgetHours: '1' },
  ];
  const other = fc.oneof(
    fc.record({
      do: fc.constant('record' as const),
      k: fc.constantFrom('a', 'b', 'c', undefined),
      s: fc.constantFrom('good', 'bad', 'other'),
      v: fc.oneof(fc.integer({ min: -2, max: 10 }), fc.constantFrom('', '7', 'x', Number.NaN)),
      agoMs: fc.integer({ min: -120_000, max: 1_200_000 }),
    }),
    fc.record({ do: fc.constant('clock' as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) }),
    fc.record({ do: fc.constant('sleep' as const), ms: fc.integer({ min: 5_000, max: 7_200_000 }) }),
    fc.record({ do: fc.constant('rule' as const), kind: fc.nat({ max: kinds.length - 1 }) }),
    step,
  );
  fc.assert(
    fc.property(fc.nat({ max: kinds.length - 1 }), fc.array(other, { maxLength: 60 }), (kind, all) => {
      const play = new Play(kinds[kind] as object);
      const { bench } = play;
      for (const one of all) {
        if (one.do === 'record') bench.take({ k: one.k, s: one.s, v: one.v }, one.agoMs);
        else if (one.do === 'rule') {
          play.config = kinds[one.kind] as object;
          bench.deploy(play.config);
        } else if (one.do === 'clock' || one.do === 'sleep') {
          bench.nowMs += one.ms;
          if (one.do === 'clock') bench.core.shift(one.ms, bench.nowMs);
          else bench.core.skip(one.ms, bench.nowMs);
        } else play.do(one);
      }
      assertStories(bench);
    }),
    RUNS,
  );
});
