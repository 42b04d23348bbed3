// Preloaded by --import: this process has a clock of its own. CLOCK_FILE names a file with the ms by which it is ahead of the
// real one: whoever writes it sets the clock. CLOCK_SPEED: how many times as fast all time passes, that of timers too.
import { readFileSync } from 'node:fs';

const { CLOCK_FILE, CLOCK_SPEED = '1' } = process.env;
const speed = Number(CLOCK_SPEED);
const LOOK_MS = 50;
const LEAST_MS = 1;

const RealDate = Date;
const monotonic = performance.now.bind(performance);
const [startedMs, startedWallMs] = [monotonic(), RealDate.now()];
const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
let aheadMs = 0;

function look() {
  try {
    aheadMs = Number(readFileSync(CLOCK_FILE, 'utf8')) || 0;
  } catch {
    aheadMs = 0;
  }
}

const passedMs = () => (monotonic() - startedMs) * speed;
const nowMs = () => Math.floor(startedWallMs + passedMs() + aheadMs);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [nowMs()] : given));
  }

  static now() {
    return nowMs();
  }
};
if (speed !== 1) {
  performance.now = () => startedMs + passedMs();
  const faster = (ms) => (typeof ms === 'number' ? Math.max(LEAST_MS, ms / speed) : ms);
  globalThis.setTimeout = Object.assign((run, ms, ...rest) => realTimeout(run, faster(ms), ...rest), realTimeout);
  globalThis.setInterval = (run, ms, ...rest) => realInterval(run, faster(ms), ...rest);
}
if (CLOCK_FILE !== undefined) {
  look();
  realInterval(look, LOOK_MS).unref();
}
