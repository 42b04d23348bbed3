import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** What a process that is started with `NODE_OPTIONS=--import <this file>` prints at each attempt that fails. */
export const preloadAttempts = `--import=${fileURLToPath(new URL('./attempts-preload.ts', import.meta.url))}`;

/** Calls `failed` for each TCP or unix socket of this process that ends without a connection. */
export function watchConnects(failed: () => void): () => void {
  const listen = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    let isConnected = false;
    socket.once('connect', () => {
      isConnected = true;
    });
    socket.once('close', () => {
      if (!isConnected) failed();
    });
  };
  subscribe('net.client.socket', listen);
  return () => unsubscribe('net.client.socket', listen);
}

/** Counts the connections of this process that fail from now on, so that a test can wait for retries. */
export function countFailedConnects(t: Pick<TestContext, 'after'>): () => number {
  let count = 0;
  t.after(
    watchConnects(() => {
      count += 1;
    }),
  );
  return () => count;
}
