import { spawn } from 'node:child_process';

/** Of a watchdog's time: two words may be late, because the machine is busy, and the third is still in time. */
const BEATS = 3;
const SHORTEST_BEAT_MS = 1_000;

/**
 * Tells systemd that Node-RED's flows have started and, where the unit has a watchdog, that its event loop turns
 * (sd_notify(3)). Node.js has no sockets of that kind: `systemd-notify` says it, one child at a time. Flows that cannot
 * start count as started: they are mended in the editor, which runs. Without `NOTIFY_SOCKET` it does nothing.
 */
export function tellSystemd(events, { NOTIFY_SOCKET, WATCHDOG_USEC }) {
  if (!NOTIFY_SOCKET) return;
  const waiting = new Set();
  let isBusy = false;
  let isReady = false;
  const sayNext = () => {
    if (isBusy || waiting.size === 0) return;
    isBusy = true;
    const words = [...waiting];
    waiting.clear();
    const end = () => {
      isBusy = false;
      sayNext();
    };
    const child = spawn('systemd-notify', words, { stdio: 'ignore' });
    // A child that cannot be started has no end.
    child.once('spawn', () => child.once('close', end)).once('error', end);
  };
  const say = (...words) => {
    for (const word of words) waiting.add(word);
    sayNext();
  };
  const ready = (status) => {
    if (!isReady) say('--ready', `--status=${status}`);
    isReady = true;
  };
  events.once('flows:started', () => ready('The flows run'));
  events.on('runtime-event', ({ id, payload }) => {
    if (id === 'runtime-state' && payload?.error !== undefined) ready('The flows do not run: the editor says why');
  });
  const watchdogMs = Number(WATCHDOG_USEC) / 1000;
  if (watchdogMs > 0) setInterval(() => say('WATCHDOG=1'), Math.max(SHORTEST_BEAT_MS, watchdogMs / BEATS)).unref();
}
