// Risk: what happens to a log in an order that nobody thought of.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { StateFile } from '../../../lib/io/state-file.ts';
import { parseCheckpoint } from '../../../nodes/auth-log-in/checkpoint.ts';
import { Source } from '../../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../../nodes/auth-log-in/settings.ts';
import {
  type Command,
  command,
  common,
  holdAgainst,
  isRunning,
  type Reader,
  type Real,
  type Received,
} from '../../support/auth-log-model.ts';
import { until } from '../../support/until.ts';

/** A program writes to a rotated file for a while. Between two commands a busy machine may let seconds pass. */
const HOLD_MS = 10_000;

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
        state: new StateFile(folder, 'model', parseCheckpoint),
        delayMs: () => 900,
        holdMs: HOLD_MS,
        perTurn: () => 32,
        onRecords: (records) =>
          received.push(...records.map(({ message, event_id }) => ({ text: message, id: event_id }))),
        onStatus: (state) => {
          isFollowing ||= state === 'ok';
        },
        onWarning: (key) => assert.fail(key),
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
  // A checkpoint that nobody completed at the end may name a file that was deleted in the last moment before.
  let mayNameDeleted = false;
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
        if (said.warning !== undefined) assert.ok(mayNameDeleted && said.warning === 'warning.lost', said.warning);
        if (said.state !== undefined) states.push(said.state);
        else received.push(said as Received);
      });
      await until(() => states.length > 0);
    },
    stop: () => {
      mayNameDeleted = false;
      return end('SIGTERM');
    },
    kill: () => {
      mayNameDeleted = true;
      return end('SIGKILL');
    },
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
