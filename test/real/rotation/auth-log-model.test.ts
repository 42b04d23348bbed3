import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Source } from '../../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../../nodes/auth-log-in/settings.ts';
import { createLogWriter, type LogWriter } from '../../support/log-writer.ts';
import { until } from '../../support/until.ts';

/**
 * Random sequences of what happens to a log and to its reader, held against what was written: nothing is lost, the order
 * is kept, and a line comes again only after the reader was stopped or killed, with the same event_id.
 */

interface Reader {
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

interface Received {
  text: string;
  id: string;
}

interface Real {
  writer: LogWriter;
  reader: Reader;
  received: Received[];
}

interface Model {
  isRunning: boolean;
  wasStopped: boolean;
}

type Command = fc.AsyncCommand<Model, Real>;

/** All lines that were written have been received, apart from one that is half-written. */
async function caughtUp({ writer, received }: Real): Promise<void> {
  const isIn = (): boolean => {
    const texts = new Set(received.map(({ text }) => text));
    return writer.written.every((text) => texts.has(text));
  };
  await until(isIn, 10_000, () => {
    const texts = new Set(received.map(({ text }) => text));
    const missing = writer.written.filter((text) => !texts.has(text));
    return `${missing.length} of ${writer.written.length} lines missing, the first: ${missing[0]}`;
  });
}

function command(
  name: string,
  run: (model: Model, real: Real) => Promise<void> | void,
  check = (_: Model) => true,
): Command {
  return {
    check: (model) => check(model),
    run: async (model, real) => run(model, real),
    toString: () => name,
  };
}

const isRunning = (model: Model): boolean => model.isRunning;
const isStopped = (model: Model): boolean => !model.isRunning;

const common: fc.Arbitrary<Command>[] = [
  fc.integer({ min: 1, max: 40 }).map((lines) => command(`write ${lines}`, (_, { writer }) => writer.write(lines))),
  fc.constant(command('write 2000', (_, { writer }) => writer.write(2000))),
  fc.constant(command('write half', (_, { writer }) => writer.writeHalf())),
  fc
    .record({ reopen: fc.boolean(), pack: fc.boolean() })
    .map((how) => command(`rotate ${JSON.stringify(how)}`, (_, { writer }) => writer.rotate(how))),
  fc
    .record({ pack: fc.boolean() })
    .map((how) => command(`copytruncate ${JSON.stringify(how)}`, (_, { writer }) => writer.copyTruncate(how))),
  fc.constant(command('reopen', (_, { writer }) => writer.reopen())),
  // What is deleted before it was read is gone: only a reader that is there can have it.
  fc.constant(
    command(
      'delete and recreate',
      async (_, real) => {
        real.writer.write(0);
        await caughtUp(real);
        real.writer.remove();
      },
      isRunning,
    ),
  ),
  fc.constant(
    command(
      'catch up',
      async (_, real) => {
        real.writer.write(0);
        await caughtUp(real);
      },
      isRunning,
    ),
  ),
  fc.constant(command('look around', () => new Promise((resolve) => setImmediate(resolve)))),
  fc.constant(
    command(
      'stop',
      async (model, { reader }) => {
        await reader.stop();
        model.isRunning = false;
        model.wasStopped = true;
      },
      isRunning,
    ),
  ),
  fc.constant(
    command(
      'start',
      async (model, { reader }) => {
        await reader.start();
        model.isRunning = true;
      },
      isStopped,
    ),
  ),
];

async function holdAgainst(
  commands: Iterable<Command>,
  open: (real: Omit<Real, 'reader'>, folder: string) => Reader,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'auth-log-model-'));
  chmodSync(folder, 0o777);
  const writer = createLogWriter(join(folder, 'auth.log'));
  const received: Received[] = [];
  const reader = open({ writer, received }, folder);
  const model: Model = { isRunning: true, wasStopped: false };
  const real = { writer, reader, received };
  try {
    await reader.start();
    await fc.asyncModelRun(() => ({ model, real }), commands);
    writer.write(1);
    if (!model.isRunning) await reader.start();
    await caughtUp(real);
  } finally {
    await reader.kill();
    writer.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const ids = new Map<string, string>();
  const firsts: string[] = [];
  for (const { text, id } of received) {
    const known = ids.get(text);
    if (known === undefined) firsts.push(text);
    else assert.equal(id, known, `another event_id for ${text}`);
    ids.set(text, id);
  }
  assert.deepEqual(firsts, writer.written);
  assert.equal(new Set(ids.values()).size, ids.size, 'two lines with one event_id');
  if (!model.wasStopped) assert.equal(received.length, writer.written.length, 'a line came twice');
}

/**
 * The checkpoint of a reader that stops within a second after its file was deleted still names that file. It is then told
 * as lost, although every line of it was received.
 */
function assertHarmless(warning: string): void {
  assert.equal(warning, 'warning.lost');
}

/** A reader in this process; killing it leaves its checkpoint as it is. */
function inProcess({ writer, received }: Omit<Real, 'reader'>, folder: string): Reader {
  let source: Source | undefined;
  const settings = readSettings({ file: writer.path }, () => undefined);
  assert.ok('isWanted' in settings);
  const stop = async (): Promise<void> => {
    await source?.stop();
    source = undefined;
  };
  return {
    async start() {
      let isFollowing = false;
      source = new Source({
        settings,
        host: 'h',
        hostRoot: '/',
        userDir: folder,
        name: 'model',
        holdMs: 300,
        perTurn: () => 32,
        onRecords: (records) =>
          received.push(...records.map(({ message, event_id }) => ({ text: message, id: event_id }))),
        onStatus: (state) => {
          isFollowing ||= state === 'ok';
        },
        onWarning: (key) => assertHarmless(key),
      });
      await until(() => isFollowing);
    },
    stop,
    kill: stop,
  };
}

test('auth-log-in loses nothing and keeps the order, whatever happens to the file while it runs, stops and starts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(common, { maxCommands: 25 }), (commands) => holdAgainst(commands, inProcess)),
    { numRuns: Number(process.env.MODEL_RUNS ?? 40), endOnFailure: true, interruptAfterTimeLimit: 120_000 },
  );
});

const CHILD = fileURLToPath(new URL('../../support/auth-log-child.ts', import.meta.url));
const NOBODY = 65_534;

/** A reader in a process of its own, under a user who is refused what its mode refuses. */
function inChild({ writer, received }: Omit<Real, 'reader'>, folder: string): Reader {
  let child: ChildProcess | undefined;
  let states: string[] = [];
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined) return;
    ending.kill(signal);
    await once(ending, 'close');
  };
  return {
    async start() {
      states = [];
      const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
      child = spawn(process.execPath, [CHILD, writer.path, folder], { stdio: ['ignore', 'pipe', 'inherit'], ...user });
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const said = JSON.parse(line) as Partial<Received> & { state?: string; warning?: string };
        if (said.warning !== undefined) assertHarmless(said.warning);
        if (said.state !== undefined) states.push(said.state);
        else received.push(said as Received);
      });
      await until(() => states.length > 0);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

const inChildOnly: fc.Arbitrary<Command>[] = [
  fc.constant(
    command(
      'kill -9',
      async (model, { reader }) => {
        await reader.kill();
        model.isRunning = false;
        model.wasStopped = true;
      },
      isRunning,
    ),
  ),
  fc.constant(
    command('unreadable for a while, also when it starts', async (model, { reader, writer }) => {
      chmodSync(writer.path, 0);
      writer.write(5);
      await reader.kill();
      await reader.start();
      model.isRunning = true;
      model.wasStopped = true;
      writer.write(5);
      chmodSync(writer.path, 0o644);
    }),
  ),
];

test('auth-log-in loses nothing to kill -9 and to a log that it may not read for a while', async () => {
  const commands = fc.commands([...common, ...inChildOnly, ...inChildOnly], { maxCommands: 20 });
  await fc.assert(
    fc.asyncProperty(commands, (some) => holdAgainst(some, inChild)),
    { numRuns: Number(process.env.MODEL_RUNS ?? 8), endOnFailure: true, interruptAfterTimeLimit: 120_000 },
  );
});
