// What the monitoring page costs: the delay of the event loop and the memory of its server with and without a viewer, and the
// frames of a browser that looks: `npm run bench -- page [SECONDS [RECORDS_A_SECOND]]`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('page-server.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../dist/plugins/monitoring-page/page/', import.meta.url));
const [CONTAINERS, CHECKS] = [200, 100];
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const MOST_GZIPPED = 120_000;
const WARM_UP_SECONDS = 5;

const pass = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
const mb = (bytes) => (bytes / 1e6).toFixed(1);

async function told(child) {
  child.send('tell');
  const [figures] = await once(child, 'message');
  return figures;
}

async function phase(child, seconds, name) {
  child.send('measure');
  await pass(seconds);
  const figures = await told(child);
  const { p99, most, heap, rss } = figures;
  console.log(
    `${name}: event loop p99 ${p99.toFixed(1)} ms, max ${most.toFixed(0)} ms; heap ${mb(heap)} MB, rss ${mb(rss)} MB`,
  );
  return figures;
}

function browserPath() {
  return BROWSERS.find((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  });
}

/** Counts the frames of a page for so long, from within. */
function frames(seconds) {
  return new Promise((resolve) => {
    const gaps = [];
    const end = performance.now() + seconds * 1_000;
    let before = performance.now();
    const frame = (now) => {
      gaps.push(now - before);
      before = now;
      if (now < end) return requestAnimationFrame(frame);
      gaps.sort((a, b) => a - b);
      const rows = document.querySelectorAll('.im-record').length;
      resolve({ p99: gaps[Math.floor(gaps.length * 0.99)], most: gaps.at(-1), count: gaps.length, rows });
    };
    requestAnimationFrame(frame);
  });
}

async function look(child, port, seconds) {
  const executablePath = browserPath();
  if (executablePath === undefined) return console.log('no Chromium on this machine: nobody looks');
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const idle = await page.evaluate(frames, 3);
    console.log(
      `an empty page on this machine: frames p99 ${idle.p99.toFixed(0)} ms, longest ${idle.most.toFixed(0)} ms`,
    );
    const beginMs = performance.now();
    await page.goto(`http://127.0.0.1:${port}/infra-monitoring/`);
    await page.locator('.im-tile').first().waitFor();
    console.log(`the page shows its figures after ${(performance.now() - beginMs).toFixed(0)} ms`);
    await page.locator('.im-chips button').nth(1).click();
    await page.locator('#records').scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector('#records').scrollIntoView());
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize;
    };
    await pass(WARM_UP_SECONDS);
    // Processor time, which other programs of this machine do not lengthen.
    await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
    await session.send('Performance.enable');
    const work = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    };
    const [before, workBefore] = [await heap(), await work()];
    child.send('measure');
    const { p99, most, count, rows } = await page.evaluate(frames, seconds);
    const figures = await told(child);
    const workAfter = await work();
    const after = await heap();
    const share = (name) => (((workAfter[name] - workBefore[name]) / seconds) * 1_000).toFixed(0);
    console.log(
      `processor time a second: script ${share('ScriptDuration')} ms, style ${share('RecalcStyleDuration')} ms, layout ${share('LayoutDuration')} ms, all ${share('TaskDuration')} ms`,
    );
    console.log(
      `a viewer of all records: event loop p99 ${figures.p99.toFixed(1)} ms, heap ${mb(figures.heap)} MB, rss ${mb(figures.rss)} MB`,
    );
    console.log(
      `in the browser: ${count} frames, p99 ${p99.toFixed(0)} ms, longest ${most.toFixed(0)} ms; ${rows} rows; heap ${mb(before)} then ${mb(after)} MB`,
    );
    return figures;
  } finally {
    await browser.close();
  }
}

/** Prints the figures of so many seconds each without and with a viewer. */
export async function benchPage(seconds = 20, rate = 500) {
  const names = readdirSync(PAGE).filter((name) => name.endsWith('.gz') && !name.startsWith('licenses'));
  const size = names.reduce((sum, name) => sum + statSync(`${PAGE}${name}`).size, 0);
  console.log(`the page is ${(size / 1_000).toFixed(0)} kB gzipped (at most ${MOST_GZIPPED / 1_000})`);
  const child = fork(SERVER, [rate, CONTAINERS, CHECKS].map(String), { execArgv: ['--expose-gc'] });
  try {
    const [{ port }] = await once(child, 'message');
    await pass(WARM_UP_SECONDS);
    const alone = await phase(child, seconds, 'nobody looks');
    const seen = await look(child, port, seconds);
    if (seen !== undefined)
      console.log(`a viewer adds ${(seen.p99 - alone.p99).toFixed(1)} ms to the p99 of the event loop (at most 5)`);
  } finally {
    child.disconnect();
  }
}
