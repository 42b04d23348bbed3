import type { Page } from 'playwright-core';
import { crossing, type Rectangle } from './rectangles.ts';

/** What is drawn of a node: its box with the button beside it, and the status below. Places are those of the canvas. */
export interface DrawnNode {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly group: string;
  readonly box: Rectangle;
  readonly status: Rectangle | undefined;
}

export interface DrawnGroup {
  readonly id: string;
  readonly name: string;
  readonly box: Rectangle;
  /** The title as it is drawn. */
  readonly title: Rectangle;
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly groups: readonly DrawnGroup[];
  /** How far each wire runs backwards at most, in px. */
  readonly backwards: readonly { readonly wire: string; readonly px: number }[];
}

interface EditorNode {
  id: string;
  type: string;
  name?: string;
  g?: string;
  status?: object;
  dirtyStatus?: boolean;
  dirty?: boolean;
}
declare const RED: {
  nodes: {
    eachNode(visit: (node: EditorNode) => void): void;
    eachGroup(visit: (group: EditorNode) => void): void;
  };
  view: { redraw(isAll?: boolean): void };
};

const FONT_KEY = 'test-font';

/** Lets `useFont()` choose the font; to be called before the page is loaded. */
export async function prepareFonts(page: Page): Promise<void> {
  await page.addInitScript((key) => {
    document.addEventListener('DOMContentLoaded', () => {
      const style = document.createElement('style');
      const font = localStorage.getItem(key) ?? 'sans-serif';
      style.textContent = `:root { --red-ui-primary-font: "${font}" !important }`;
      document.head.append(style);
    });
  }, FONT_KEY);
}

/** Draws in an installed font from the next load on. */
export async function useFont(page: Page, font: string): Promise<void> {
  await page.evaluate(([key, name]) => localStorage.setItem(key, name), [FONT_KEY, font] as const);
}

/** Puts a text below each node that can have one: `text`, or that of its type in `others`. */
export async function showStatuses(page: Page, text: string, others: { [type: string]: string } = {}): Promise<void> {
  await page.evaluate(
    ([words, ofTypes]) => {
      RED.nodes.eachNode((node) => {
        if (/^link |^catch$|^status$/.test(node.type)) return;
        const status = { fill: 'yellow', shape: 'ring', text: ofTypes[node.type] ?? words };
        Object.assign(node, { status, dirtyStatus: true, dirty: true });
      });
      RED.view.redraw(true);
    },
    [text, others] as const,
  );
  for (const shown of [text, ...Object.values(others)]) await page.getByText(shown).first().waitFor();
}

/** What the editor has drawn of the tab that it shows, at 100 %. */
export function readDrawing(page: Page): Promise<Drawing> {
  return page.evaluate(() => {
    const canvas = (document.querySelector('.red-ui-workspace-chart-grid') as Element).getBoundingClientRect();
    const rectangle = (element: Element | null | undefined) => {
      if (element === null || element === undefined) return undefined;
      const { left, top, width, height } = element.getBoundingClientRect();
      const at = { x: left - canvas.left, y: top - canvas.top, width, height };
      return width === 0 ? undefined : at;
    };
    const union = (first: Rectangle, other: Rectangle | undefined): Rectangle => {
      if (other === undefined) return first;
      const [x, y] = [Math.min(first.x, other.x), Math.min(first.y, other.y)];
      const right = Math.max(first.x + first.width, other.x + other.width);
      const bottom = Math.max(first.y + first.height, other.y + other.height);
      return { x, y, width: right - x, height: bottom - y };
    };
    const nodes: DrawnNode[] = [];
    RED.nodes.eachNode(({ id, type, name = '', g = '' }) => {
      const drawn = document.getElementById(id);
      const box = rectangle(drawn?.querySelector('.red-ui-flow-node'));
      if (box === undefined) return;
      const button = rectangle(drawn?.querySelector('.red-ui-flow-node-button-background'));
      const status = rectangle(drawn?.querySelector('.red-ui-flow-node-status-group'));
      nodes.push({ id, type, name, group: g, box: union(box, button), status });
    });
    const groups: DrawnGroup[] = [];
    RED.nodes.eachGroup(({ id, name = '' }) => {
      const drawn = document.getElementById(id);
      const box = rectangle(drawn?.querySelector('.red-ui-flow-group-body'));
      const title = rectangle(drawn?.querySelector('.red-ui-flow-group-label'));
      if (box !== undefined && title !== undefined) groups.push({ id, name, box, title });
    });
    const backwards = [...document.querySelectorAll<SVGPathElement>('.red-ui-flow-link-line')].map((path) => {
      const length = path.getTotalLength();
      let [px, most] = [0, Number.NEGATIVE_INFINITY];
      for (let at = 0; at <= length; at += 1) {
        const { x } = path.getPointAtLength(at);
        px = Math.max(px, most - x);
        most = Math.max(most, x);
      }
      return { wire: path.getAttribute('d') ?? '', px };
    });
    return { nodes, groups, backwards };
  });
}

/** Pairs of nodes, statuses, titles and groups that lie on each other, by their names. */
export function overlaps({ nodes, groups }: Drawing): string[] {
  const things = [
    ...nodes.map(({ name, type, box, group }) => ({ what: name || type, at: box, group })),
    ...nodes.flatMap(({ name, type, status, group }) =>
      status === undefined ? [] : [{ what: `status of ${name || type}`, at: status, group }],
    ),
    ...groups.map(({ name, title, id }) => ({ what: `title ${name}`, at: title, group: id })),
  ];
  const pairs = things.flatMap((one, index) =>
    things.slice(index + 1).flatMap((other) => (crossing(one.at, other.at) ? [`${one.what}: ${other.what}`] : [])),
  );
  const outside = things.flatMap(({ what, at, group }) =>
    groups
      .filter(({ id, box }) => (id === group ? !isInside(at, box) : crossing(at, box)))
      .map(({ name }) => `${what}: frame of ${name}`),
  );
  const frames = groups.flatMap((one, index) =>
    groups.slice(index + 1).flatMap((other) => (crossing(one.box, other.box) ? [`${one.name}: ${other.name}`] : [])),
  );
  return [...pairs, ...outside, ...frames];
}

function isInside(inner: Rectangle, outer: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
