import { createHook } from 'node:async_hooks';
import type { TestContext } from 'node:test';

/** Counts what is asked of the file system by promises from now on, to the end of the test: each call wakes a thread. To close a file does not count. */
export function countFileCalls(t: TestContext): () => number {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'FSREQPROMISE') count += 1;
    },
  });
  hook.enable();
  t.after(() => hook.disable());
  return () => count;
}
