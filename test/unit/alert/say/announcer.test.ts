import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Firing } from '../../../../nodes/alert/firing.ts';
import type { AlertSeverity } from '../../../../nodes/alert/judge/judge.ts';
import { Announcer, type AnnouncerOptions } from '../../../../nodes/alert/say/announcer.ts';

const MINUTE = 60_000;

/** An announcer with a clock, and states that the test sets. */
class Bench {
  readonly said: string[] = [];
  readonly #firing = new Map<string, Firing>();
  readonly #options: AnnouncerOptions;
  announcer: Announcer;
  nowMs = 1_000_000;
  isHeld = false;

  constructor(options: Partial<AnnouncerOptions> = {}) {
    const isHeld = (): boolean => this.isHeld;
    this.#options = {
      remindMs: 0,
      floodMessages: 0,
      floodMs: 10 * MINUTE,
      isHeld,
      createId: () => 'summary',
      ...options,
    };
    this.announcer = new Announcer(this.#options);
  }

  #say(announcements: ReturnType<Announcer['tick']>): void {
    for (const { kind, key, nth, isQuiet, members } of announcements) {
      const words = [kind, key.text, nth, isQuiet === true ? 'quietly' : '', members?.join('+')];
      this.said.push(words.filter((word) => word !== undefined && word !== '').join(' '));
    }
  }

  start(name: string, severity: AlertSeverity = 'error', kind: 'firing' | 'event' = 'firing'): void {
    const firing: Firing = { id: name, sinceMs: this.nowMs, severity, value: 1, count: 1, record: {} };
    if (kind === 'firing') this.#firing.set(name, firing);
    this.#say(this.announcer.hear({ kind, key: { id: name, text: name }, firing, atMs: this.nowMs }, this.nowMs));
  }

  turn(name: string, severity: AlertSeverity): void {
    const firing = this.#firing.get(name) as Firing;
    firing.severity = severity;
    const change = { kind: 'severity', key: { id: name, text: name }, firing, atMs: this.nowMs } as const;
    this.#say(this.announcer.hear(change, this.nowMs));
  }

  end(name: string): void {
    const firing = this.#firing.get(name) as Firing;
    this.#firing.delete(name);
    const change = { kind: 'resolved', key: { id: name, text: name }, firing, atMs: this.nowMs } as const;
    this.#say(this.announcer.hear(change, this.nowMs));
  }

  pass(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs = Math.min(end, this.nowMs + 1000);
      const firing = [...this.#firing].map(([id, one]) => ({ key: { id, text: id }, firing: one }));
      this.#say(this.announcer.tick(firing, this.nowMs));
    }
  }

  restart(offMs: number): void {
    const saved = JSON.parse(JSON.stringify(this.announcer.saved));
    this.nowMs += offMs;
    this.announcer = new Announcer(this.#options, saved);
  }
}

test('what begins in a silence and is still bad at its end is told once then', () => {
  const bench = new Bench();
  bench.announcer.silence(bench.nowMs + 60 * MINUTE);
  bench.start('a');
  bench.pass(59 * MINUTE);
  assert.deepEqual(bench.said, []);
  bench.pass(5 * MINUTE);
  assert.deepEqual(bench.said, ['firing a']);
});

test('what was told before a silence and is still bad after it is told no second time; reminders go on', () => {
  const bench = new Bench({ remindMs: 30 * MINUTE });
  bench.start('a');
  bench.announcer.silence(bench.nowMs + 61 * MINUTE);
  bench.pass(61 * MINUTE);
  assert.deepEqual(bench.said, ['firing a']);
  bench.pass(30 * MINUTE);
  assert.deepEqual(bench.said, ['firing a', 'reminder a 1']);
});

test('the end of what was told is told in a silence, quietly; what begins and ends inside is not told', () => {
  const bench = new Bench();
  bench.start('a');
  bench.isHeld = true;
  bench.start('b');
  bench.end('a');
  bench.end('b');
  bench.isHeld = false;
  bench.pass(MINUTE);
  assert.deepEqual(bench.said, ['firing a', 'resolved a quietly']);
});

test('a silence of one key mutes no other, and waking ends it', () => {
  const bench = new Bench();
  bench.announcer.silence(bench.nowMs + 60 * MINUTE, 'a');
  bench.start('a');
  bench.start('b');
  assert.deepEqual(bench.said, ['firing b']);
  bench.announcer.wake('a');
  bench.pass(1000);
  assert.deepEqual(bench.said, ['firing b', 'firing a']);
});

test('reminders come at their interval on the clock of their own key, over restarts too, and one for those missed', () => {
  const bench = new Bench({ remindMs: 60 * MINUTE });
  bench.start('a');
  for (let n = 0; n < 3; n += 1) {
    bench.pass(49 * MINUTE);
    bench.restart(MINUTE);
  }
  assert.deepEqual(bench.said, ['firing a', 'reminder a 1', 'reminder a 2']);
  bench.restart(24 * 60 * MINUTE);
  bench.pass(MINUTE);
  assert.deepEqual(bench.said.slice(3), ['reminder a 3']);
});

test('an alert that was acknowledged reminds no more until it gets worse, and its end is told', () => {
  const bench = new Bench({ remindMs: 10 * MINUTE });
  bench.start('a', 'warning');
  assert.equal(bench.announcer.acknowledge('a'), true);
  assert.equal(bench.announcer.acknowledge('b'), false);
  bench.pass(60 * MINUTE);
  assert.deepEqual(bench.said, ['firing a']);
  bench.turn('a', 'critical');
  bench.pass(10 * MINUTE);
  bench.end('a');
  assert.deepEqual(bench.said, ['firing a', 'severity a 1', 'reminder a 1', 'resolved a']);
});

test('a severity that changed in a silence is compared with the one that was told', () => {
  const bench = new Bench();
  bench.start('a', 'critical');
  bench.isHeld = true;
  bench.turn('a', 'warning');
  bench.turn('a', 'critical');
  bench.isHeld = false;
  bench.pass(1000);
  assert.deepEqual(bench.said, ['firing a']);
  bench.isHeld = true;
  bench.turn('a', 'warning');
  bench.isHeld = false;
  bench.pass(1000);
  assert.deepEqual(bench.said, ['firing a', 'severity a 1']);
});

test('beyond the bound one summary stands for the rest, what was told ends by itself, and the rest ends with the summary', () => {
  const bench = new Bench({ floodMessages: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) bench.start(name);
  bench.pass(MINUTE);
  assert.deepEqual(bench.said, ['firing a', 'firing b', 'summary c+d+e']);
  for (const name of ['a', 'c', 'd']) bench.end(name);
  bench.pass(MINUTE);
  assert.deepEqual(bench.said.slice(3), ['resolved a']);
  bench.end('e');
  assert.deepEqual(bench.said.slice(4), ['summary-over']);
  bench.end('b');
  assert.deepEqual(bench.said.slice(5), ['resolved b']);
});

test('more that the bound withholds is told in one summary more, not before its time, and the bound is one of time', () => {
  const bench = new Bench({ floodMessages: 1 });
  bench.start('a');
  bench.start('b');
  bench.pass(20_000);
  bench.start('c');
  bench.start('d');
  bench.pass(9 * MINUTE);
  assert.deepEqual(bench.said, ['firing a', 'summary b']);
  bench.pass(2 * MINUTE);
  assert.deepEqual(bench.said.slice(2), ['summary 1 b+c+d']);
  bench.start('e');
  assert.deepEqual(bench.said.slice(3), ['firing e']);
});

test('a bound that is reached in silence by what is over again tells nothing', () => {
  const bench = new Bench({ floodMessages: 1 });
  bench.start('a');
  bench.start('b');
  bench.end('b');
  bench.pass(MINUTE);
  assert.deepEqual(bench.said, ['firing a']);
});

test('events beyond the bound are one summary that is over at once', () => {
  const bench = new Bench({ floodMessages: 1 });
  for (const name of ['a', 'b', 'c']) bench.start(name, 'error', 'event');
  bench.pass(MINUTE);
  assert.deepEqual(bench.said, ['event a', 'summary b+c', 'summary-over']);
});

test('what was told is known after a restart, and so is a silence by hand', () => {
  const bench = new Bench();
  bench.start('a');
  bench.announcer.silence(bench.nowMs + 60 * MINUTE);
  bench.restart(10 * MINUTE);
  bench.start('b');
  bench.pass(MINUTE);
  bench.end('a');
  assert.deepEqual(bench.said, ['firing a', 'resolved a quietly']);
  assert.equal(bench.announcer.silentUntil(bench.nowMs), 1_000_000 + 60 * MINUTE);
});

test('one of a summary that gets worse is told by itself, and so is its end', () => {
  const bench = new Bench({ floodMessages: 1 });
  for (const name of ['a', 'b', 'c']) bench.start(name, 'warning');
  bench.turn('c', 'critical');
  bench.pass(MINUTE);
  bench.turn('b', 'critical');
  bench.end('b');
  bench.end('c');
  assert.deepEqual(bench.said, [
    'firing a',
    'firing c',
    'summary b',
    'severity b 1',
    'summary-over',
    'resolved b',
    'resolved c',
  ]);
});

test('a summary is reminded of as its members would be, over a restart too', () => {
  const bench = new Bench({ floodMessages: 1, remindMs: 30 * MINUTE });
  for (const name of ['a', 'b', 'c']) bench.start(name);
  bench.pass(MINUTE);
  bench.restart(MINUTE);
  bench.pass(30 * MINUTE);
  assert.deepEqual(bench.said.toSorted(), ['firing a', 'reminder a 1', 'summary 1 b+c', 'summary b+c'].toSorted());
});
