import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { type Arguments, logVisibly, StatusReporter } from '../../../lib/status.ts';
import { FORGED, STEERING_TEXTS } from '../../support/steering-texts.ts';

interface Watched {
  reporter: StatusReporter;
  /** What the node showed, logged and raised, in order. */
  seen: string[];
  events: EventEmitter;
  close(): void;
}

/** A reporter in the constructor of its node. */
function watchConstructor(): Watched {
  const seen: string[] = [];
  const node = {
    status: ({ fill, shape, text }: { fill: string; shape: string; text: string }) =>
      void seen.push(`status ${fill} ${shape} ${text}`),
    log: (text: string) => void seen.push(`log ${text}`),
    warn: (text: string) => void seen.push(`warn ${text}`),
    error: (text: string, msg: object) => void seen.push(`error ${text} ${JSON.stringify(msg)}`),
    on: (_event: 'close', listener: () => void) => void closings.push(listener),
  };
  const events = new EventEmitter();
  const closings: (() => void)[] = [];
  const translate = (key: string, args?: Arguments) => (args ? `${key} ${Object.values(args).join(' ')}` : key);
  const reporter = new StatusReporter(node, translate, events);
  const close = (): void => {
    for (const closing of closings) closing();
  };
  return { reporter, seen, events, close };
}

/** A reporter once all flows run. */
function watch(): Watched {
  const watched = watchConstructor();
  watched.events.emit('flows:started');
  return watched;
}

test('what is reported from the constructor is told to Status and Catch nodes once all flows run', () => {
  const { reporter, seen, events } = watchConstructor();
  reporter.report('fault', 'refused');
  assert.deepEqual(seen, ['status red ring refused'], 'the editor sees it at once');
  events.emit('flows:started');
  assert.deepEqual(seen.slice(1), ['status red ring refused', 'error refused {}']);
  events.emit('flows:started');
  reporter.report('fault', 'refused');
  assert.equal(seen.length, 3, 'once');
  assert.equal(events.listenerCount('flows:started'), 0);
});

test('a fault that has ended before all flows run is not told', () => {
  const { reporter, seen, events } = watchConstructor();
  reporter.report('fault', 'refused');
  reporter.report('ok', 'connected');
  events.emit('flows:started');
  assert.deepEqual(seen, ['status red ring refused', 'status green dot connected', 'status green dot connected']);
});

test('a node that reported nothing, or was closed before all flows run, says nothing then', () => {
  const { seen, events } = watchConstructor();
  events.emit('flows:started');
  assert.deepEqual(seen, []);
  const closed = watchConstructor();
  closed.reporter.report('fault', 'refused');
  closed.close();
  closed.events.emit('flows:started');
  assert.deepEqual(closed.seen, ['status red ring refused']);
});

test('a status is set when it changes and not again while it is the same', () => {
  const { reporter, seen } = watch();
  reporter.report('ok', 'up', { span: '1 d' });
  reporter.report('ok', 'up', { span: '1 d' });
  reporter.report('ok', 'up', { span: '2 d' });
  assert.deepEqual(seen, ['status green dot up 1 d', 'status green dot up 2 d']);
});

test('each state has its own sign', () => {
  const { reporter, seen } = watch();
  for (const state of ['ok', 'idle', 'busy', 'warning', 'bad'] as const) reporter.report(state, 'x');
  assert.deepEqual(seen, [
    'status green dot x',
    'status grey ring x',
    'status blue ring x',
    'status yellow ring x',
    'status red dot x',
  ]);
});

test('a fault is raised once with a msg, so that Catch sees it, and not at every retry', () => {
  const { reporter, seen } = watch();
  for (let retry = 0; retry < 3; retry += 1) reporter.report('fault', 'refused');
  assert.deepEqual(seen, ['status red ring refused', 'error refused {}']);
});

test('a fault whose text counts on is raised once when it says which fault it is', () => {
  const { reporter, seen } = watch();
  reporter.report('fault', 'refused', { waiting: 1 }, 'refused');
  reporter.report('fault', 'refused', { waiting: 2 }, 'refused');
  assert.deepEqual(seen, ['status red ring refused 1', 'error refused 1 {}', 'status red ring refused 2']);
});

test('another fault is raised again', () => {
  const { reporter, seen } = watch();
  reporter.report('fault', 'refused');
  reporter.report('fault', 'not found');
  assert.deepEqual(
    seen.filter((line) => line.startsWith('error')),
    ['error refused {}', 'error not found {}'],
  );
});

test('the end of a fault is logged once, and trying again is not its end', () => {
  const { reporter, seen } = watch();
  reporter.report('fault', 'refused');
  reporter.report('busy', 'connecting');
  reporter.report('fault', 'refused');
  reporter.report('busy', 'connecting');
  reporter.report('ok', 'connected');
  reporter.report('ok', 'connected');
  assert.deepEqual(
    seen.filter((line) => !line.startsWith('status')),
    ['error refused {}', 'log connected'],
  );
});

for (const [text, shown] of STEERING_TEXTS) {
  test(`a status and a raised fault have ${shown} written out`, () => {
    const { reporter, seen } = watch();
    reporter.report('fault', text);
    reporter.report('ok', text);
    assert.deepEqual(seen, [
      `status red ring ${shown}`,
      `error ${shown} {}`,
      `status green dot ${shown}`,
      `log ${shown}`,
    ]);
  });
}

test('what a node logs by itself, and the error of a `done`, is one line', () => {
  const lines: string[] = [];
  const node = {
    log: (text: unknown) => void lines.push(String(text)),
    warn: (text: unknown) => void lines.push(String(text)),
    error: (text: unknown, msg?: object) => void lines.push(`${text} ${JSON.stringify(msg)}`),
  };
  logVisibly(node);
  node.log(FORGED);
  node.warn(FORGED);
  node.error(new Error(FORGED), { mine: 7 });
  const good = new Error('good');
  node.error(good);
  const line = 'boom\\n25 Nov 10:00:00 - [info] [graylog-server:x] FORGED LINE \\x1b[31mred\\x1b[0m\\u202e';
  assert.deepEqual(lines, [line, line, `Error: ${line} {"mine":7}`, 'Error: good undefined']);
});

test('what goes nowhere says so instead of a quiet state, and not instead of what is wrong', () => {
  const { reporter, seen } = watch();
  reporter.report('ok', 'lines', { count: 1 });
  reporter.showNowhere('goes nowhere');
  reporter.report('ok', 'lines', { count: 2 });
  reporter.report('fault', 'refused');
  reporter.report('idle', 'waiting');
  assert.deepEqual(seen, [
    'status green dot lines 1',
    'status yellow ring goes nowhere',
    'status red ring refused',
    'error refused {}',
    'status yellow ring goes nowhere',
    'log waiting',
  ]);
  seen.length = 0;
  reporter.showNowhere(undefined);
  reporter.showNowhere(undefined);
  assert.deepEqual(seen, ['status grey ring waiting']);
});

test('what goes nowhere and has said nothing yet says so once, and no error', () => {
  const { reporter, seen, events } = watchConstructor();
  reporter.showNowhere('goes nowhere');
  events.emit('flows:started');
  assert.deepEqual(seen, ['status yellow ring goes nowhere']);
  reporter.report('busy', 'reading');
  assert.equal(seen.length, 1);
});
