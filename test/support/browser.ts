import type { TestContext } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import { program } from './real.ts';

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .map(program)
  .find((path) => path !== undefined);

export const hasBrowser = executablePath !== undefined;

// It runs as root in containers and must not reach for the network on its own.
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page in a Chromium of its own that asks for pages in the language `locale`, closed when the test ends. */
export async function openPage(t: TestContext, locale = 'en-US'): Promise<Page> {
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, locale });
  // A machine that runs other tests beside this one takes its time.
  context.setDefaultTimeout(30_000);
  return context.newPage();
}
