// Runs checks in a process that can be stopped, held up, or left without descriptors. Prints a line of JSON for each check.
import { openSync } from 'node:fs';
import { checkOnce, failureReason } from './http-checks.ts';
import { keepBusy } from './pace.ts';

const [url = '', how = '', timeout = '', keyword] = process.argv.slice(2);

/** Takes every descriptor that is left; gives some back for what must go on. */
function takeDescriptors(): void {
  try {
    for (;;) openSync('/dev/null', 'r');
  } catch {
    // That was the last one.
  }
}

// What is loaded when it is first needed needs descriptors, too.
await checkOnce(url, { timeoutMs: 20_000 });
if (how === 'descriptors') takeDescriptors();
console.log('ready');
const running = checkOnce(url, { timeoutMs: Number(timeout), keyword });
if (how === 'busy') setImmediate(() => keepBusy(3_000));
const exchange = await running;
const { failure, responseCode, heldMs, totalMs } = exchange;
console.log(JSON.stringify({ type: failure?.type ?? responseCode, reason: failureReason(exchange), heldMs, totalMs }));
process.exit(0);
