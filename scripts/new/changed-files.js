import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare/clone.js';
import { renamed } from './names.js';

/** A line for each place that lists all nodes. It is put before what `before` finds, and is one of the type `sample-node`. */
const LINES = [
  {
    path: 'package.json',
    before: /(?<=\n {4}"nodes": \{[^}]*")(?=\n {4}\})/,
    line: ',\n      "sample-node": "dist/nodes/sample-node/sample-node.js"',
  },
  { path: 'lib/record.ts', before: /(?<=export type LogType =[^;]*)(?=;)/, line: " | 'sample_node'" },
  {
    path: 'test/editor/dialogs.test.ts',
    before: /(?<=\nconst entries: [\s\S]*?)(?=\n\};)/,
    line: "\n  'sample-node': { values: { interval: '120' }, wrong: ['interval', 'often'] },",
  },
  {
    path: 'README.md',
    before: /(?<=\n## The nodes\n\n(?:\|.*\n)*)(?=\n)/,
    line: '| sample-node | how many files are open |\n',
  },
  {
    path: 'CHANGELOG.md',
    before: /(?<=\n## .*\n\n)(?=- )/,
    line: '- **sample-node**: new; reports how many files are open.\n',
  },
];

/** The files that list all nodes, with the new one: the text of each by its path in the clone. */
export function changedFiles(type) {
  return new Map(LINES.map((place) => [place.path, withLine(place, type)]));
}

function withLine({ path, before, line }, type) {
  const text = readFileSync(join(root, path), 'utf8');
  const at = text.search(before);
  if (at === -1)
    throw new Error(`${path} has no place for the new node where scripts/new/changed-files.js looks for it`);
  return text.slice(0, at) + renamed(line, type) + text.slice(at);
}
