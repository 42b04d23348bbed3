// The help of every node, in every language, is Markdown that the editor of Node-RED renders as it is meant.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';

const FRAME = /^<script type="text\/markdown" data-help-name="([a-z-]+)">\n([\s\S]+)\n<\/script>\n$/;

/** Node-RED's editor makes an entry of a description list of such a line, wherever its first colon stands. */
const DESCRIPTION = /:([^:\n]+)\(([^:\n]+)\).*?:([^:\n]*)$/;

const withoutCode = (line: string): string => line.replace(/`[^`]*`/g, '');

function faultOf(line: string, next: string | undefined): string | undefined {
  if (/<\/?[a-z]/i.test(withoutCode(line))) return 'has a tag of HTML';
  if ((line.match(/`/g)?.length ?? 0) % 2 === 1) return 'has a code span without its end';
  if ((withoutCode(line).match(/\*\*/g)?.length ?? 0) % 2 === 1) return 'has a bold text without its end';
  if (DESCRIPTION.test(line)) return 'would be shown as an entry of a description list';
  const goesOn = next !== undefined && next !== '' && !/^\s*(?:- |\d+\. )/.test(next);
  return line !== '' && goesOn ? 'is wrapped by hand' : undefined;
}

const files = globSync('nodes/*/locales/*/*.html', { cwd: packageRoot }).concat(
  globSync('scripts/new/template/nodes/*/locales/*/*.html', { cwd: packageRoot }),
);

test('there is help for every node', () => {
  assert.ok(files.length > 12, files.join());
});

for (const file of files) {
  test(`${file} is Markdown, a line for a paragraph`, () => {
    const found = FRAME.exec(readFileSync(join(packageRoot, file), 'utf8'));
    assert.ok(found !== null, 'it is not one script of the type text/markdown');
    assert.ok(file.endsWith(`/${found[1]}.html`));
    const lines = (found[2] ?? '').split('\n');
    for (const [at, line] of lines.entries()) assert.equal(faultOf(line, lines[at + 1]), undefined, line);
  });
}
