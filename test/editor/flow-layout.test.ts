import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { type Drawing, overlaps, prepareFonts, readDrawing, showStatuses, useFont } from '../support/canvas.ts';
import { openEditor } from '../support/editor.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

const FLOW = join(packageRoot, 'flows/infrastructure-monitoring.json');
/** What is seen of the canvas at 100 % in an editor window of 1600 × 1000. */
const [WIDTH, HEIGHT] = [1060, 860];
/** The longest that stands below a node. */
const STATUS = 'container-worker12, 12 x';
/** The longest below a filter, which writes large numbers short. */
const FILTERED = '12.3k of 45.6k pass';
/**
 * The first is as wide as Arial, which the editor asks for; where there is no such font it gets another one, of which DejaVu
 * Sans, as Verdana, is one of the widest with letters of their own widths. A machine that has monospaced ones alone shows the
 * editor in these.
 */
const FONTS = [
  'Liberation Sans',
  'DejaVu Sans',
  'Liberation Sans Narrow',
  'Liberation Serif',
  'DejaVu Serif',
  'Liberation Mono',
  'DejaVu Sans Mono',
];
/** Node-RED's own labels and the package's statuses are in the language of the browser. */
const LANGUAGES = [
  { language: 'de', status: 'gebremst, 12345 Zeilen', filtered: '12.3k / 45.6k durch' },
  { language: 'zh-CN', status: '128 条等待：连接被拒绝', filtered: '12.3k / 45.6k 通过' },
];
const CASES = [
  ...FONTS.map((font) => ({ font, language: 'en-US', status: STATUS, filtered: FILTERED })),
  ...LANGUAGES.map((one) => ({ font: 'DejaVu Sans', ...one })),
];

function reach({ nodes, groups }: Drawing) {
  const boxes = [...groups.map(({ box }) => box), ...nodes.flatMap(({ box, status }) => [box, status ?? box])];
  return {
    left: Math.min(...boxes.map(({ x }) => x)),
    top: Math.min(...boxes.map(({ y }) => y)),
    right: Math.max(...boxes.map(({ x, width }) => x + width)),
    bottom: Math.max(...boxes.map(({ y, height }) => y + height)),
  };
}

/** The pairs of Node-RED and Node.js in which it is looked at. `.ci/run` installs the older one. */
const older = join(packageRoot, '.cache/node-red-4.1-node-20.19/node_modules');
const VERSIONS = [
  { name: 'Node-RED 5', programs: {}, isThere: true, themes: ['light', 'dark'], cases: CASES },
  {
    name: 'Node-RED 4.1',
    programs: { node: join(older, 'node/bin/node'), red: join(older, 'node-red/red.js') },
    isThere: existsSync(older),
    // It has one theme only.
    themes: ['light'],
    cases: CASES.filter(({ font, language }) => language === 'en-US' && /(Sans|Mono)$/.test(font)),
  },
] as const;

for (const { name, programs, isThere, themes, cases } of VERSIONS) {
  test(
    `the default flow is seen as a whole in ${name}, in any font`,
    real(`Chromium, ${name}`, hasBrowser && isThere),
    async (t) => {
      const flow = JSON.parse(readFileSync(FLOW, 'utf8')) as { id: string; type: string }[];
      const red = await startNodeRed(t, { flow, ...programs });
      const editor = await openEditor(t, red.url);
      const { page } = editor;
      await page.setViewportSize({ width: 1600, height: 1000 });
      await prepareFonts(page);
      for (const { font, language, status, filtered } of cases) {
        await t.test(`in ${font} and ${language} nothing lies on anything, and no wire runs backwards`, async () => {
          await useFont(page, font);
          await page.evaluate((name) => localStorage.setItem('editor-language', name), language);
          await editor.load();
          const words = `${name}-${font}-${language}`.replaceAll(' ', '-');
          // A theme has colours of its own, and no widths.
          for (const theme of font === FONTS[0] ? themes : []) {
            await editor.theme(theme);
            await editor.screenshot(`default-flow-${theme}-${words}`);
          }
          await showStatuses(page, status, { 'record-filter': filtered });
          const drawing = await readDrawing(page);
          await editor.screenshot(`default-flow-statuses-${words}`);
          assert.equal(drawing.groups.length, flow.filter(({ type }) => type === 'group').length);
          assert.deepEqual(overlaps(drawing), []);
          assert.deepEqual(
            drawing.backwards.filter(({ px }) => px > 0.5),
            [],
          );
          const { left, top, right, bottom } = reach(drawing);
          assert.ok(left >= 0 && top >= 0, `begins at ${left}, ${top}`);
          assert.ok(right <= WIDTH && bottom <= HEIGHT, `ends at ${right}, ${bottom}`);
        });
      }
    },
  );
}
