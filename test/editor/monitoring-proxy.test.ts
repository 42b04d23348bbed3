import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBrowser, openPage } from '../support/browser.ts';
import { NIGHT } from '../support/host-history.ts';
import { startFedNodeRed } from '../support/monitoring-page.ts';
import { startNginx } from '../support/nginx.ts';
import { program, real } from '../support/real.ts';

const needs = real(
  'Chromium, nginx and openssl',
  hasBrowser && program('nginx') !== undefined && program('openssl') !== undefined,
);

test('behind nginx with a path and a password, with its own buffering, the page and the tab work', needs, async (t) => {
  const red = await startFedNodeRed(t, { settings: { httpAdminRoot: '/red' } });
  await red.feed(NIGHT);
  const { port: upstream } = new URL(red.url);
  const port = await startNginx(t, (own, folder) => {
    const hash = execFileSync('openssl', ['passwd', '-apr1', 'open sesame'], { encoding: 'utf8' }).trim();
    writeFileSync(join(folder, 'htpasswd'), `watch:${hash}\n`);
    return `listen 127.0.0.1:${own}; auth_basic "host"; auth_basic_user_file ${folder}/htpasswd; gzip on; gzip_types *;
      location /hosts/shop/ { proxy_pass http://127.0.0.1:${upstream}/red/; proxy_set_header Host watch.example.org; }`;
  });
  const page = await openPage(t);
  await page.context().setHTTPCredentials({ username: 'watch', password: 'open sesame' });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on(
    'response',
    (response) =>
      response.status() >= 400 && response.status() !== 401 && faults.push(`${response.status()} ${response.url()}`),
  );

  await t.test('the page shows the host, also where its last slash is left out', async () => {
    await page.goto(`http://127.0.0.1:${port}/hosts/shop/infra-monitoring`);
    await page.locator('.im-record', { hasText: 'worker died' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/hosts/shop/infra-monitoring/');
  });
  await t.test('what happens is there within seconds', async () => {
    await red.feed([
      { log_type: 'docker_log', level: 3, stream: 'stderr', container_name: 'late', message: 'just now' },
    ]);
    await page.locator('.im-record', { hasText: 'just now' }).waitFor({ timeout: 5_000 });
  });
  await t.test('a link leads to the editor, and an alert can be silenced', async () => {
    assert.equal(
      await page.locator('.im-when a').evaluate((link: HTMLAnchorElement) => link.href),
      `http://127.0.0.1:${port}/hosts/shop/`,
    );
    const ring = page.locator('.im-ring', { hasText: 'endpoint down' });
    await ring
      .getByRole('button', { name: /^Silence 1 h/ })
      .first()
      .click();
    await ring.getByText('silenced').waitFor();
  });
  await t.test('nothing was asked in vain', () => assert.deepEqual(faults, []));
});

test(
  'who has to log in is told so, sees all after it, and is not sent round in a circle',
  real('Chromium', hasBrowser),
  async (t) => {
    const { createRequire } = await import('node:module');
    const require = createRequire(import.meta.url);
    const { hashSync } = createRequire(require.resolve('node-red/red.js'))('bcryptjs') as {
      hashSync(text: string, rounds: number): string;
    };
    const users = [{ username: 'boss', password: hashSync('a-test-pass', 4), permissions: '*' }];
    const red = await startFedNodeRed(t, {
      settings: { httpAdminRoot: '/red', adminAuth: { type: 'credentials', users } },
    });
    await red.feed(NIGHT);
    const page = await openPage(t);
    await page.goto(`${red.url}/infra-monitoring/`);
    await page.getByText('Log in to the editor to see this host.').waitFor();
    assert.doesNotMatch(await page.content(), /shop-ams-1/);
    await page.getByRole('link', { name: 'Editor' }).click();
    await page.locator('#node-dialog-login-username').fill('boss');
    await page.locator('#node-dialog-login-password').fill('a-test-pass');
    await page.locator('#node-dialog-login-submit').click();
    await page.locator('.red-ui-palette-node').first().waitFor();
    await page.goto(`${red.url}/infra-monitoring/`);
    await page.locator('.im-record', { hasText: 'worker died' }).waitFor();
    await page.getByText('boss', { exact: true }).waitFor();
  },
);
