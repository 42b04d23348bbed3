import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { type NodeRedOptions, type RunningNodeRed, startNodeRed } from './node-red.ts';
import { PATIENCE_MS } from './until.ts';

/** Records go in at /feed as a JSON array, and are shipped to a file. */
const FLOW = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  { id: 'server', type: 'graylog-server', name: '', endpoints: 'file:', host: 'shop-ams-1' },
  { id: 'in', type: 'http in', z: 'tab', url: '/feed', method: 'post', x: 100, y: 40, wires: [['split', 'answer']] },
  { id: 'answer', type: 'http response', z: 'tab', statusCode: '204', x: 300, y: 40, wires: [] },
  {
    id: 'split',
    type: 'split',
    z: 'tab',
    arraySplt: 1,
    arraySpltType: 'len',
    x: 100,
    y: 100,
    wires: [['out', 'down', 'died', 'guessing', 'memory']],
  },
  { id: 'out', type: 'graylog-out', z: 'tab', server: 'server', x: 400, y: 100, wires: [] },
  alert(
    'down',
    'endpoint down',
    { preset: 'http', each: ['check_name'], field: 'check_state', bad: 'down', good: 'up' },
    160,
  ),
  alert(
    'died',
    'disk nearly full',
    { preset: 'disk', each: ['disk_mount'], field: 'disk_state', bad: 'critical, warning', good: 'ok' },
    220,
  ),
  alert(
    'guessing',
    'password guessing',
    {
      ...{ kind: 'count', counts: 'sum', countField: 'login_failures', each: ['source_ip'] },
      ...{ threshold: '20', windowSeconds: '600', endSeconds: '600' },
    },
    280,
  ),
  alert(
    'memory',
    'memory nearly full',
    { kind: 'limit', field: 'memory_used_percent', startOperator: 'above', limit: '90', forSeconds: '300' },
    340,
  ),
  { id: 'alerts', type: 'graylog-out', z: 'tab', server: 'server', x: 600, y: 160, wires: [] },
];

function alert(id: string, name: string, settings: object, y: number): object {
  const rest = { kind: 'state', only: { mode: 'all', rules: [] }, severity: 'error', forSeconds: '0', forSamples: '0' };
  return { id, type: 'alert', z: 'tab', name, ...rest, ...settings, x: 400, y, wires: [['alerts']] };
}

export interface FedNodeRed extends RunningNodeRed {
  /** Ships records; those without a time are of now. */
  feed(records: readonly object[]): Promise<void>;
  /** Asks a data route as a page would. */
  data<T>(path: string, init?: RequestInit): Promise<T>;
}

/** A Node-RED with the page, and a flow that ships what it is fed. */
export async function startFedNodeRed(t: TestContext, options: NodeRedOptions = {}): Promise<FedNodeRed> {
  const red = await startNodeRed(t, { flow: FLOW, ...options });
  await red.logged(/Started flows/);
  const root = String((options.settings as { httpAdminRoot?: string } | undefined)?.httpAdminRoot ?? '').replace(
    /\/$/,
    '',
  );
  const bare = red.url.slice(0, red.url.length - (red.url.endsWith(root) ? root.length : 0));
  return {
    ...red,
    async feed(records) {
      const body = JSON.stringify(records.map((record) => ({ host: 'shop-ams-1', level: 6, ...record })));
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${bare}/feed`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.status !== 204) throw new Error(`feed gave ${response.status}`);
    },
    async data<T>(path: string, init: RequestInit = {}) {
      const response = await fetch(`${bare}${root}/infra-monitoring/data/${path}`, {
        ...init,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!response.ok) throw new Error(`${path} gave ${response.status}: ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

/** Makes the window as high as the page: what is out of sight is not drawn. */
export async function showWhole(page: Page): Promise<void> {
  const width = page.viewportSize()?.width ?? 1_400;
  for (let turn = 0; turn < 2; turn += 1) {
    const height = await page.evaluate(() => Math.max(900, document.querySelector('.im-page')?.scrollHeight ?? 0));
    await page.setViewportSize({ width, height });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
}
