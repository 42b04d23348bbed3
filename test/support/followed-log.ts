import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Line } from '../../lib/file/line-splitter.ts';
import { FileFollower } from '../../lib/io/file/follow.ts';
import { PATIENCE_MS, until } from './until.ts';

/** A file that is followed from its beginning, and what it gave. */
export function followed(t: TestContext, name = 'auth.log') {
  const folder = mkdtempSync(join(tmpdir(), 'auth-log-bytes-'));
  const path = join(folder, name);
  const lines: Line[] = [];
  const states: string[] = [];
  let heard = (): void => undefined;
  /** Calls `then` in the turn in which the lines given first make so many. */
  const got = (isEnough: (count: number) => boolean, then: () => void): Promise<void> =>
    new Promise((resolve) => {
      heard = () => {
        if (!isEnough(lines.length)) return;
        heard = () => undefined;
        then();
        resolve();
      };
    });
  const start = (at: string = path): FileFollower => {
    const follower = new FileFollower({
      path: at,
      start: 'beginning',
      saved: undefined,
      holdMs: 200,
      pollMs: 50,
      onLines: async (batch) => {
        lines.push(...batch);
        heard();
      },
      onPosition: () => Promise.resolve(),
      onState: ({ state }) => states.push(state),
      onLost: () => assert.fail('lost'),
    });
    t.after(() => follower.stop());
    return follower;
  };
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const texts = (): string[] => lines.map(({ text }) => text);
  const gave = (...expected: string[]): Promise<void> =>
    until(
      () => JSON.stringify(texts()) === JSON.stringify(expected),
      PATIENCE_MS,
      () => JSON.stringify(texts().map((text) => text.slice(0, 200))),
    );
  return { folder, path, lines, states, start, texts, gave, got };
}

/** Lines of 100 bytes. */
export function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${word} ${index} `.padEnd(99, 'x'));
}

/** How many files of the folder this process holds open. */
export function heldOpen(folder: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}
