import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Theme } from './editor.ts';
import { OLDEST } from './node-reds.ts';

/** Before Node-RED 5 the editor has no dark theme of its own: this is the one that its users install. */
const FOLDER = join(OLDEST, '@node-red-contrib-themes/theme-collection/themes/dark');
const ID = 'test-dark-theme';

declare const RED: { settings: { version: string } };

/** Shows an editor that has no dark theme of its own in one, or without it again; another follows the browser. */
export async function dressOlder(page: Page, theme: Theme): Promise<void> {
  const major = await page.evaluate(() => Number.parseInt(RED.settings.version, 10));
  if (major >= 5 || !existsSync(FOLDER)) return;
  const isDark = theme === 'dark';
  const css = isDark
    ? ['dark', 'dark-custom'].map((name) => readFileSync(join(FOLDER, `${name}.min.css`), 'utf8'))
    : [];
  await page.evaluate(
    ([id, text]) => {
      document.getElementById(id)?.remove();
      if (text === '') return;
      const style = Object.assign(document.createElement('style'), { id, textContent: text });
      // After Node-RED's own, and before what nodes bring.
      document.querySelector('link[href*="style.min.css"]')?.after(style);
    },
    [ID, css.join('\n')] as const,
  );
}
