import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../../lib/errors.ts';
import type { Entry } from '../../nodes/graylog-server/io/buffer/queue.ts';
import { type BufferOptions, RecordBuffer } from '../../nodes/graylog-server/io/buffer/record-buffer.ts';
import { temporaryFolder } from './folder.ts';

/** Much more than a test puts in. */
export const ROOMY = 1_000_000;

export interface TestBuffer {
  readonly buffer: RecordBuffer;
  /** What became of each message: `kept`, or the code of its error. A message that still waits for an answer is absent. */
  readonly outcomes: Map<string, string>;
  /** What changed between disk and memory: the event, and the code of its error. */
  readonly storage: string[];
  readonly dropped: number;
  readonly found: number;
  /** Puts messages in. Resolves when each has its outcome. */
  enqueue(...texts: string[]): Promise<unknown>;
}

/** A folder for a store that does not exist yet. */
export function storeFolder(): string {
  return join(temporaryFolder(), 'store');
}

/** A buffer over a real LevelDB, which is closed when the test ends. */
export function openBuffer(t: TestContext, options: Partial<BufferOptions> = {}): TestBuffer {
  const outcomes = new Map<string, string>();
  const storage: string[] = [];
  let dropped = 0;
  let found = 0;
  const buffer = new RecordBuffer({
    path: storeFolder(),
    memorySize: ROOMY,
    diskSize: ROOMY,
    maxAgeMs: 0,
    overflow: 'oldest',
    onStorage: (event, error) => storage.push([event, errorCode(error)].filter(Boolean).join(' ')),
    onDropped: (count) => {
      dropped += count;
    },
    onFound: () => {
      found += 1;
    },
    ...options,
  });
  t.after(() => buffer.close());
  return {
    buffer,
    outcomes,
    storage,
    get dropped() {
      return dropped;
    },
    get found() {
      return found;
    },
    enqueue: (...texts) =>
      Promise.all(
        texts.map(
          (text) =>
            new Promise<void>((resolve) => {
              buffer.enqueue(text, (error) => {
                outcomes.set(text, error === undefined ? 'kept' : (errorCode(error) ?? String(error)));
                resolve();
              });
            }),
        ),
      ),
  };
}

/** Writes each text to disk as a batch of its own. */
export async function keepOnDisk({ buffer, enqueue }: TestBuffer, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    const done = enqueue(text);
    buffer.setAway(true);
    await done;
    // The flush itself ends a little later, and the next would not begin before.
    await nextTurn();
  }
}

/** Everything that waits, in order, read batch by batch. */
export async function drain(buffer: RecordBuffer): Promise<Entry[]> {
  const all: Entry[] = [];
  while (buffer.length > 0) all.push(...(await buffer.dequeueBatch(ROOMY)));
  return all;
}

export function textsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ text }) => text);
}
