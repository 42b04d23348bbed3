import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { fitted } from '../../../lib/fitted.ts';
import {
  type Arguments,
  type FaultyNode,
  type ReportingNode,
  StatusReporter,
  type Translate,
} from '../../../lib/status.ts';
import { STEERING_TEXTS } from '../../support/steering-texts.ts';

interface Watched {
  reporter: StatusReporter;
  /** What the node showed, logged and raised, in order. */
  seen: string[];
  events: EventEmitter;
  node: FaultyNode;
  close(): void;
}

const plain: Translate = (key, args) => (args ? `${key} ${Object.values(args).join(' ')}` : key);

/** A reporter in the constructor of its node. */
function watchConstructor(translate: Translate = plain): Watched {
  const seen: string[] = [];
  const node: ReportingNode & FaultyNode = {
    status: ({ fill, shape, text }: { fill: string; shape: string; text: string }) =>
      void seen.push(`status ${fill} ${shape} ${text}`),
    log: (text: string) => void seen.push(`log ${text}`),
    warn: (text: string) => void seen.push(`warn ${text}`),
    error: (text: string, msg: object) => void seen.push(`error ${text} ${JSON.stringify(msg)}`),
    on: (_event: 'close', listener: () => void) => void closings.push(listener),
  };
  const events = new EventEmitter();
  const closings: (() => void)[] = [];
  const reporter = new StatusReporter(node, translate, events);
  const close = (): void => {
    for (const closing of closings) closing();
  };
  return { reporter, seen, events, node, close };
}

/** A reporter once all flows run. */
function watch(translate: Translate = plain): Watched {
  const watched = watchConstructor(translate);
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

test('the catalogue is asked once for what stays the same', () => {
  const asked: string[] = [];
  const { reporter, seen } = watch((key, args) => {
    asked.push(key);
    return plain(key, args);
  });
  const args: Arguments = { span: '1 d' };
  reporter.report('ok', 'up', args);
  const once = asked.length;
  for (let turn = 0; turn < 3; turn += 1) reporter.report('ok', 'up', { span: '1 d' });
  assert.equal(asked.length, once);
  args.span = '2 d';
  reporter.report('ok', 'up', args);
  reporter.report('ok', 'up');
  reporter.report('ok', 'up', { when: '2 d' });
  assert.ok(asked.length > once);
  assert.deepEqual(seen, [
    'status green dot up 1 d',
    'status green dot up 2 d',
    'status green dot up',
    'status green dot up 2 d',
  ]);
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
      `status red ring ${fitted(shown, 24)}`,
      `error ${shown} {}`,
      `status green dot ${fitted(shown, 24)}`,
      `log ${shown}`,
    ]);
  });
}

/** The catalogue of a node whose fault has a sentence. */
const WORDS: { readonly [key: string]: string } = {
  'status.away': '__count__ waiting: refused',
  'sentence.away': '__count__ records wait: nobody listens at __endpoint__; start Graylog',
  'status.lost': 'no Docker socket',
  'sentence.lost': 'there is no socket at __place__: install Docker, or name its socket',
  'status.following': '__count__ lines of __log__',
};

function catalogue(key: string, args: Arguments = {}): string {
  // As Node-RED does where a catalogue lacks a key.
  const text = WORDS[key] ?? `graylog-out.${key}`;
  return text.replace(/__(\w+)__/g, (_, name: string) => String(args[name]));
}

test('a fault is short under the node, and whole in the log, for Catch nodes and for the dialog', () => {
  const { reporter, seen, node } = watch(catalogue);
  reporter.report('fault', 'status.away', { count: 30, endpoint: 'tcp://graylog.example:12201' });
  const sentence = '30 records wait: nobody listens at tcp://graylog.example:12201; start Graylog';
  assert.deepEqual(seen, ['status red ring 30 waiting: refused', `error ${sentence} {}`]);
  assert.equal(node.presentFault?.(), sentence);
  reporter.report('fault', 'status.away', { count: 30, endpoint: 'tcp://other.example:12201' });
  assert.equal(seen.length, 3, 'another sentence is another fault, the status is the same');
  reporter.report('ok', 'status.following', { count: 7, log: 'auth.log' });
  assert.equal(node.presentFault?.(), undefined);
  assert.deepEqual(seen.slice(3), ['status green dot 7 lines of auth.log', 'log 7 lines of auth.log']);
});

test('what has no sentence of its own is whole where it is more than a status', () => {
  const { reporter, seen, node } = watch(catalogue);
  reporter.report('fault', 'status.following', { count: 1_234_567, log: '/var/log/a-long-folder/auth.log' });
  assert.deepEqual(seen, [
    'status red ring 1.2M lines of /var/….log',
    'error 1234567 lines of /var/log/a-long-folder/auth.log {}',
  ]);
  assert.equal(node.presentFault?.(), '1234567 lines of /var/log/a-long-folder/auth.log');
});

test('what is no fault on this host is logged once where it says which one it is, and is no error', () => {
  const { reporter, seen, node } = watch(catalogue);
  const sentence = 'there is no socket at /run/x: install Docker, or name its socket';
  for (let retry = 0; retry < 3; retry += 1) {
    reporter.report('idle', 'status.lost', { place: '/run/x' }, 'lost');
    reporter.report('busy', 'connecting');
  }
  assert.deepEqual(
    seen.filter((line) => !line.startsWith('status')),
    [`log ${sentence}`],
  );
  reporter.report('warning', 'status.lost', { place: '/run/x' }, 'denied');
  assert.equal(seen.at(-1), `warn ${sentence}`);
  assert.equal(node.presentFault?.(), sentence);
  reporter.report('idle', 'waiting');
  assert.equal(node.presentFault?.(), undefined, 'a node that waits has nothing to tell');
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
