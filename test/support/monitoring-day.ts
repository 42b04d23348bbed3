import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openPage } from './browser.ts';
import { startFedNodeRed } from './monitoring-page.ts';
import { packageRoot } from './node-red.ts';
import { until } from './until.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface DayOptions {
  /** How many hours pass for Node-RED and for the browser, and how many times as fast as they do. */
  readonly hours: number;
  readonly speed: number;
}

export interface DayResult {
  /** Bytes in use in the browser after each hour, from the second on. */
  readonly heaps: readonly number[];
  /** The minutes of the last hours in which the processor was measured, the oldest first. */
  readonly measured: readonly boolean[];
  readonly rows: number;
}

interface Series {
  readonly series: { readonly cpu_percent?: readonly (readonly number[] | null)[] };
}

/** Lets hours of work pass, in less time. Half-way the feed stops for half an hour. A page looks all the time. */
export async function passHours(t: TestContext, { hours, speed }: DayOptions): Promise<DayResult> {
  const preload = pathToFileURL(join(packageRoot, 'test/support/clock-preload.mjs')).href;
  const red = await startFedNodeRed(t, {
    env: { NODE_OPTIONS: `--import=${preload}`, CLOCK_SPEED: String(speed) },
  });
  const page = await openPage(t);
  await page.addInitScript((factor) => {
    const [monotonic, wall] = [performance.now.bind(performance), Date.now.bind(Date)];
    const [started, startedWall] = [monotonic(), wall()];
    performance.now = () => started + (monotonic() - started) * factor;
    Date.now = () => Math.floor(startedWall + (monotonic() - started) * factor);
    const { setInterval: every } = globalThis;
    globalThis.setInterval = ((run: () => void, ms: number) => every(run, Math.max(4, ms / factor))) as never;
  }, speed);
  await page.goto(`${red.url}/infra-monitoring/`);
  await page.locator('.im-clock').waitFor();
  await page.locator('.im-chips button').nth(1).click();
  const session = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize;
  };
  const nowMs = async (): Promise<number> => (await red.data<{ nowMs: number }>('series?unit=minute&steps=1')).nowMs;
  const beganMs = await nowMs();
  const heaps: number[] = [];
  let number = 0;
  const record = (): object => {
    number += 1;
    return {
      ...{ log_type: 'docker_log', container_name: `c${number % 200}`, stream: number % 9 === 0 ? 'stderr' : 'stdout' },
      message: `GET /page/${number} ${'abcdefghij'[number % 10]}`,
    };
  };
  for (let passedMs = 0; passedMs < hours * HOUR_MS; passedMs = (await nowMs()) - beganMs) {
    const isStopped = Math.abs(passedMs - (hours * HOUR_MS) / 2) < 15 * MINUTE_MS;
    if (!isStopped) {
      const cpu = { log_type: 'uptime', message: 'up', load_1m: 1, cpu_percent: 20 + (number % 30), cpu_count: 4 };
      await red.feed([cpu, ...Array.from({ length: 100 }, record)]);
    }
    if (passedMs > (heaps.length + 1) * HOUR_MS) heaps.push(await heap());
  }
  heaps.push(await heap());
  const { series } = await red.data<Series>(`series?unit=minute&steps=${hours * 60}`);
  await until(() => page.locator('.im-record').first().isVisible());
  assert.doesNotMatch(red.log(), /MaxListenersExceeded|uncaught/i);
  return {
    heaps,
    measured: (series.cpu_percent ?? []).map((step) => step !== null),
    rows: await page.locator('.im-record').count(),
  };
}

/** How long the longest hole between two values is, in minutes. */
export function longestHole(measured: readonly boolean[]): number {
  const [first, last] = [measured.indexOf(true), measured.lastIndexOf(true)];
  const holes = measured.slice(first, last).map(String).join(' ').split('true');
  return Math.max(...holes.map((hole) => hole.split('false').length - 1));
}
