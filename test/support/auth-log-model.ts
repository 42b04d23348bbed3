import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createLogWriter, type LogWriter } from './log-writer.ts';
import { PATIENCE_MS, until } from './until.ts';

/**
 * Random sequences of what happens to a log and to its reader, held against what was written: nothing is lost, the order
 * is kept, and a line comes again only after the reader was stopped or killed, with the same event_id.
 */

export interface Reader {
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface Received {
  text: string;
  id: string;
}

export interface Real {
  writer: LogWriter;
  reader: Reader;
  received: Received[];
}

interface Model {
  isRunning: boolean;
  wasStopped: boolean;
}

export type Command = fc.AsyncCommand<Model, Real>;

/** All lines that were written have been received, apart from one that is half-written. */
async function caughtUp({ writer, received }: Real): Promise<void> {
  const isIn = (): boolean => {
    const texts = new Set(received.map(({ text }) => text));
    return writer.written.every((text) => texts.has(text));
  };
  await until(isIn, 2 * PATIENCE_MS, () => {
    const texts = new Set(received.map(({ text }) => text));
    const missing = writer.written.filter((text) => !texts.has(text));
    return `${missing.length} of ${writer.written.length} lines missing, the first: ${missing[0]}`;
  });
}

export function command(
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

export const isRunning = (model: Model): boolean => model.isRunning;
const isStopped = (model: Model): boolean => !model.isRunning;

export const common: fc.Arbitrary<Command>[] = [
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

export async function holdAgainst(
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
