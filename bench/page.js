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

/** The delay of the event loop and the memory of the server over so many seconds. */
async function phase(child, seconds, meanwhile = () => pass(seconds)) {
  child.send('measure');
  const seen = await meanwhile();
  return { ...(await told(child)), seen };
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

/** Counts the frames and the long tasks of a page for so long, from within. */
function frames(seconds) {
  return new Promise((resolve) => {
    const gaps = [];
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: 'longtask' });
    const end = performance.now() + seconds * 1_000;
    let before = performance.now();
    const frame = (now) => {
      gaps.push(now - before);
      before = now;
      if (now < end) return requestAnimationFrame(frame);
      observer.disconnect();
      gaps.sort((a, b) => a - b);
      const rows = document.querySelectorAll('.im-record').length;
      const p99 = gaps[Math.floor(gaps.length * 0.99)];
      resolve({ p99, most: gaps.at(-1), count: gaps.length, rows, long: long.length, longest: Math.max(0, ...long) });
    };
    requestAnimationFrame(frame);
  });
}

/** What the tasks of the page's main thread took of the processor in so many seconds: other programs do not lengthen it. */
async function tasks(browser, page, seconds) {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await pass(seconds);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const found = main.map(({ pid, tid }) =>
    traceEvents
      .filter((event) => event.pid === pid && event.tid === tid && /RunTask$/.test(event.name) && event.tdur > 0)
      .map(({ tdur }) => tdur / 1_000)
      .sort((a, b) => a - b),
  );
  // Other threads of that name belong to pages without anything in them.
  const ours = found.toSorted((a, b) => b.length - a.length)[0] ?? [];
  return {
    most: ours.at(-1) ?? 0,
    p99: ours[Math.floor(ours.length * 0.99)] ?? 0,
    count: ours.length,
    sum: ours.reduce((a, b) => a + b, 0),
  };
}

/** Whether the page takes itself to be seen: one that is not asks nothing. */
function setVisible(value) {
  Object.defineProperty(document, 'visibilityState', { value, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

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
    const shownMs = performance.now() - beginMs;
    const paintMs = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    console.log(`first paint after ${paintMs?.toFixed(0)} ms, its figures after ${shownMs.toFixed(0)} ms`);
    await page.locator('.im-chips button').nth(1).click();
    await page.evaluate(() => document.querySelector('#records').scrollIntoView());
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize;
    };
    await pass(WARM_UP_SECONDS);
    const rounds = { without: [], with: [] };
    const heaps = [await heap()];
    // Alternately: what else this machine does falls on both.
    const count = Math.max(2, Math.round(seconds / 60));
    for (let round = 0; round < count; round += 1) {
      await page.evaluate(setVisible, 'hidden');
      rounds.without.push(await phase(child, seconds / count));
      await page.evaluate(setVisible, 'visible');
      await pass(1);
      rounds.with.push(await phase(child, seconds / count, () => page.evaluate(frames, seconds / count)));
      heaps.push(await heap());
    }
    const seen = rounds.with.map((one) => one.seen);
    const most = (of) => Math.max(...seen.map(of));
    const server = rounds.with.map(({ heap: bytes, rss }) => `${mb(bytes)}/${mb(rss)}`).join(' ');
    console.log(`memory of the server after each round, heap/rss in MB: ${server}`);
    console.log(`heap of the browser in MB: ${heaps.map(mb).join(' ')}; ${seen.at(-1).rows} rows`);
    console.log(
      `frames: p99 ${most(({ p99 }) => p99).toFixed(0)} ms, longest ${most((one) => one.most).toFixed(0)} ms; long tasks ${seen.reduce((sum, { long }) => sum + long, 0)}, longest ${most(({ longest }) => longest).toFixed(0)} ms by the clock`,
    );
    const traced = Math.min(10, seconds);
    const cpu = await tasks(browser, page, traced);
    console.log(`processor time of the page: ${(cpu.sum / traced).toFixed(0)} ms a second`);
    console.log(
      `${cpu.count} tasks of the page: p99 ${cpu.p99.toFixed(1)} ms, longest ${cpu.most.toFixed(0)} ms of processor time (at most 50)`,
    );
    const [without, withViewer] = [rounds.without, rounds.with].map((all) => median(all.map(({ p99 }) => p99)));
    console.log(
      `event loop of the server, p99: ${without.toFixed(1)} ms without a viewer, ${withViewer.toFixed(1)} ms with one: ${(withViewer - without).toFixed(1)} ms more (at most 5)`,
    );
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
    await look(child, port, seconds);
  } finally {
    child.disconnect();
  }
}
