// A process whose day is shorter: its clock runs SPEED times as fast, and what it does again and again comes as much sooner.
// Deadlines stay as they are, because what they are for takes as long as ever: a timer below 25 s that is no interval. The
// longest of them, a Docker Engine's for an answer, is 20 s.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import timers from 'node:timers';
import promises from 'node:timers/promises';

const SPEED = Number(process.env.FAST_TIME);
const LEAST_MS = 25_000;

const OwnDate = Date;
const [startMs, startSeconds, ownUptime] = [OwnDate.now(), os.uptime(), os.uptime];
const nowMs = () => startMs + Math.floor((OwnDate.now() - startMs) * SPEED);
const shortened = (ms) => (ms >= LEAST_MS ? ms / SPEED : ms);

globalThis.Date = class extends OwnDate {
  constructor(...args) {
    if (args.length === 0) super(nowMs());
    else super(...args);
  }
  static now() {
    return nowMs();
  }
};
const ownNow = performance.now.bind(performance);
const first = ownNow();
performance.now = () => first + (ownNow() - first) * SPEED;
os.uptime = () => startSeconds + (ownUptime() - startSeconds) * SPEED;

const { setTimeout: later, setInterval: often } = timers;
timers.setTimeout = (callback, ms, ...args) => later(callback, shortened(ms), ...args);
timers.setInterval = (callback, ms, ...args) => often(callback, ms / SPEED, ...args);
Object.assign(globalThis, { setTimeout: timers.setTimeout, setInterval: timers.setInterval });
const { setTimeout: pass } = promises;
promises.setTimeout = (ms, ...args) => pass(shortened(ms), ...args);
syncBuiltinESMExports();
