// npm run screenshots: makes the pictures of the README in images/, from the default flow on this machine, light and dark.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage } from '../test/support/browser.ts';
import { openEditor } from '../test/support/editor.ts';
import { NIGHT, userDirWithHistory } from '../test/support/host-history.ts';
import { HostRoot } from '../test/support/host-root.ts';
import { showWhole, startFedNodeRed } from '../test/support/monitoring-page.ts';
import { startNodeRed } from '../test/support/node-red.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'images');
mkdirSync(images, { recursive: true });
process.env.SCREENSHOTS = images;

/** As much of a test as its helpers need: what they open is closed in the end, the last first. */
const closings = [];
const context = { after: (close) => closings.push(close), signal: new AbortController().signal };

/** The dialogs of the README: what each is called, and its node in the default flow. */
const DIALOGS = {
  'alert-dialog': 'infra00authguess',
};
const SIZE = { width: 1600, height: 1000 };
const PAGE_WIDTHS = [1400, 360];

/** The monitoring page of a host in a bad night. */
async function takePage() {
  const red = await startFedNodeRed(context, { userDir: await userDirWithHistory(Date.now()) });
  await red.feed(NIGHT);
  const page = await openPage(context);
  await page.goto(`${red.url}/infra-monitoring/`);
  await page.locator('canvas').first().waitFor();
  for (const width of PAGE_WIDTHS) {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await showWhole(page);
      await page.screenshot({ path: join(images, `page-${width}-${colorScheme}.png`) });
    }
  }
}

try {
  const shipped = JSON.parse(readFileSync(join(root, 'flows/infrastructure-monitoring.json'), 'utf8'));
  // What else this machine does at the moment is nobody's business.
  const env = [{ name: 'HOST_ROOT', value: new HostRoot().path, type: 'str' }];
  const flow = shipped.map((part) => (part.id === 'infra0uptimegrp' ? { ...part, env } : part));
  const red = await startNodeRed(context, {
    flow,
    env: { LOGGING_URL: '', DOCKER_HOST: 'unix:///nowhere/docker.sock' },
  });
  const editor = await openEditor(context, red.url);
  await editor.page.setViewportSize(SIZE);
  const load = editor.page.locator('[id="infra000000uptime"]').getByText(/load \d/);
  await load.waitFor({ timeout: 60_000 });
  await editor.screenshots('canvas');
  for (const [name, id] of Object.entries(DIALOGS)) {
    const dialog = await editor.open(id);
    await editor.screenshots(name);
    await dialog.cancel();
  }
  await takePage();
  console.log(
    `images/ has the pictures of the canvas and of ${Object.keys(DIALOGS).length} dialogs and of the page, light and dark`,
  );
} finally {
  for (const close of closings.reverse()) await close();
}
process.exit();
