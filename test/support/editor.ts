import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from './browser.ts';
import { dressOlder } from './dark-theme.ts';
import { type Dialog, nodeDialog } from './dialog.ts';

export type Theme = 'light' | 'dark';

export interface NodeType {
  type: string;
  category: string;
  /** Property to type of config node, for those properties that name one. */
  configNodes: Record<string, string>;
}

/** Node-RED's editor in a browser, as a person uses it. */
export interface Editor {
  readonly page: Page;
  /** Errors of the page, of its console and of requests since the last call. */
  faults(): string[];
  load(): Promise<void>;
  theme(theme: Theme): Promise<void>;
  nodeTypes(types: string[]): Promise<NodeType[]>;
  /** Drags a node from the palette to a place of the workspace; gives its id. */
  drop(type: string, x: number, y: number): Promise<string>;
  /** Opens the dialog of a node of the workspace by the Enter key. */
  open(id: string): Promise<Dialog>;
  /** Presses Deploy and waits until the runtime has the flow. */
  deploy(): Promise<void>;
  isValid(id: string): Promise<boolean>;
  /** The type of a node as the editor has it: `unknown` where it does not know it. */
  typeOf(id: string): Promise<string | undefined>;
  /** Shows a tab, all of it. */
  showTab(id: string): Promise<void>;
  screenshot(name: string): Promise<void>;
  /** A screenshot in each theme; the editor stays in the one that it is in. */
  screenshots(name: string): Promise<void>;
}

// What the tests read of the editor's own global.
interface EditorGlobal {
  nodes: {
    getType(type: string): { category: string; defaults: Record<string, { type?: string }> } | undefined;
    node(id: string): { type: string; valid?: boolean } | null;
  };
  view: { selection(): { nodes?: { id: string }[] }; select(selection: { nodes: unknown[] }): void; focus(): void };
  workspaces: { show(id: string): void };
  actions: { invoke(action: string): void };
}
declare const RED: EditorGlobal;

let folder: string | undefined;

/** Where screenshots go: `SCREENSHOTS`, else a new folder. */
export function screenshotFolder(): string {
  folder ??= process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'infra-monitoring-screenshots-'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** `locale` is the language of the browser, which the editor speaks. */
export async function openEditor(t: TestContext, url: string, locale?: string): Promise<Editor> {
  const page = await openPage(t, locale);
  let faults: string[] = [];
  let theme: Theme = 'light';
  page.on('pageerror', (error) => faults.push(`page error: ${error.stack ?? error}`));
  page.on('console', (message) => {
    const isFault = message.type() === 'error' || /error/i.test(message.text());
    // The editor's own debug sidebar cannot place a debug message that arrives before the flow it is from is loaded.
    const isEarlyDebug = /Uncaught error from RED\.comms\.subscribe|handleDebugMessage/.test(message.text());
    if (isFault && !isEarlyDebug) faults.push(`console ${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left while it loads ends what it asked for.
    const { errorText = '' } = request.failure() ?? {};
    if (!errorText.includes('ERR_ABORTED')) faults.push(`request: ${request.url()} ${errorText}`);
  });
  // The palette manager asks the Node-RED project's own catalogue, which is not to be needed here.
  await page.route('https://catalogue.nodered.org/**', (route) => route.fulfill({ json: { modules: [] } }));
  // The theme follows the browser's, which can be switched without loading the page again.
  await page.addInitScript(() => {
    if (location.protocol !== 'about:') localStorage.setItem('view-dark-theme', 'auto');
  });

  // The editor shows hints by a timer, and throws when it fires before their place is there.
  await fetch(`${url}/settings/user`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ editor: { view: { 'view-show-tips': false } } }),
  });

  const editor: Editor = {
    page,
    faults() {
      const found = faults;
      faults = [];
      return found;
    },
    async load() {
      // Another address first: leaving an editor with changes would ask.
      await page.goto('about:blank');
      await page.goto(url);
      await page.locator('.red-ui-palette-node').first().waitFor();
      await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
      await dressOlder(page, theme);
    },
    async theme(colorScheme) {
      theme = colorScheme;
      await page.emulateMedia({ colorScheme });
      await dressOlder(page, colorScheme);
    },
    nodeTypes: (types) =>
      page.evaluate(
        (names) =>
          names.map((type) => {
            const { category = 'missing', defaults = {} } = RED.nodes.getType(type) ?? {};
            const named = Object.entries(defaults).filter(([, { type: config }]) => config !== undefined);
            return { type, category, configNodes: Object.fromEntries(named.map(([key, value]) => [key, value.type])) };
          }) as NodeType[],
        types,
      ),
    async drop(type, x, y) {
      const source = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
      await source.scrollIntoViewIfNeeded();
      await source.dragTo(page.locator('#red-ui-workspace-chart'), { targetPosition: { x, y } });
      const id = await page.evaluate(() => RED.view.selection().nodes?.[0]?.id);
      if (id === undefined) throw new Error(`${type} did not arrive in the workspace`);
      return id;
    },
    async open(id) {
      // Not by a double click: the editor counts two clicks as one only where it handles both within 650 ms, which a
      // loaded machine misses, and would take the first one as the second of a dialog that was open just before.
      await page.evaluate((node) => {
        RED.view.select({ nodes: [RED.nodes.node(node)] });
        RED.view.focus();
      }, id);
      await page.keyboard.press('Enter');
      return nodeDialog(page);
    },
    async deploy() {
      const deployed = page.waitForResponse((r) => r.url().endsWith('/flows') && r.request().method() === 'POST');
      await page.locator('#red-ui-header-button-deploy').click();
      const response = await deployed;
      if (!response.ok()) throw new Error(`deploying gave ${response.status()}: ${await response.text()}`);
      await page.locator('#red-ui-header-button-deploy.disabled').waitFor();
    },
    isValid: (id) => page.evaluate((node) => RED.nodes.node(node)?.valid !== false, id),
    typeOf: (id) => page.evaluate((node) => RED.nodes.node(node)?.type, id),
    showTab: (id) =>
      page.evaluate((tab) => {
        RED.workspaces.show(tab);
        RED.actions.invoke('core:zoom-fit');
      }, id),
    async screenshot(name) {
      await atRest(page);
      await page.screenshot({ path: join(screenshotFolder(), `${name}.png`) });
    },
    async screenshots(name) {
      const before = theme;
      for (const one of ['light', 'dark'] as const) {
        await editor.theme(one);
        await editor.screenshot(`${name}-${one}`);
      }
      await editor.theme(before);
    },
  };
  await editor.load();
  return editor;
}

/** Waits until dialogs have slid in and the workspace has stopped zooming: ten frames that are alike. */
function atRest(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const look = (): string =>
      [...document.querySelectorAll('.red-ui-tray, .red-ui-workspace-chart-background')]
        .map((element) => JSON.stringify(element.getBoundingClientRect()))
        .join();
    const end = performance.now() + 30_000;
    let before = look();
    for (let alike = 0; alike < 10; ) {
      if (performance.now() > end) throw new Error('the editor moved for 30 s');
      await new Promise(requestAnimationFrame);
      const now = look();
      alike = now === before ? alike + 1 : 0;
      before = now;
    }
  });
}
