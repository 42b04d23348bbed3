/** How often a quiet engine is asked whether it is still there, in milliseconds. */
const WATCH_MS = 30_000;

/** Calls `ask` now and then, and `lost` once it fails. Returns a function that ends it. */
export function watchEngine(
  ask: () => Promise<unknown>,
  lost: (error: unknown) => void,
  everyMs: number = WATCH_MS,
): () => void {
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    ask()
      .catch(lost)
      .finally(() => {
        asking = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
