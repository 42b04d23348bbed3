// The linter enforces the import table. Each case is a file that a change could bring, linted with the project's own rules.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';

interface Case {
  file: string;
  allowed: string[];
  forbidden: string[];
}

const LIBRARIES = ['dockerode', 'tail', 'systeminformation', 'gelf-pro', 'classic-level', 'amqplib'];
const libraryImports = LIBRARIES.map((library) => `import x from '${library}'`);

/** The ways out of a pure file: Node-RED, packages, files that do I/O, the clock, timers, the process. */
const IMPURE = [
  "import type { x } from 'node-red'",
  "import { x } from 'node:fs'",
  "export { x } from 'node:fs'",
  "import('node:fs')",
  ...libraryImports,
  'Date.now()',
  'new Date()',
  'Date',
  'performance.now()',
  'setTimeout(() => 0, 1)',
  'setInterval(() => 0, 1)',
  'setImmediate(() => 0)',
  'queueMicrotask(() => 0)',
  'process.env',
  "fetch('http://localhost')",
  'globalThis.setTimeout(() => 0, 1)',
  'new globalThis.Date()',
  'globalThis.process',
];
const PURE = ['new Date(0)', "Date.parse('1970-01-01')", 'Date.UTC(1970)', "import type { x } from 'node:stream'"];

const cases: Record<string, Case> = {
  'a file of lib/': {
    file: 'lib/subject.ts',
    allowed: ["import { x } from './record.ts'", "import { x } from './docker/time.ts'", ...PURE],
    forbidden: [
      ...IMPURE,
      "import { x } from './io/state-file.ts'",
      "import { x } from '../nodes/uptime/uptime-record.ts'",
      "import type { x } from '../nodes/uptime/uptime-record.ts'",
    ],
  },
  'a file of lib/ in a folder of its subject': {
    file: 'lib/docker/subject.ts',
    allowed: ["import { x } from '../record.ts'", ...PURE],
    forbidden: [...IMPURE, "import { x } from '../io/poll.ts'", "import { x } from '../../nodes/uptime/reboot.ts'"],
  },
  'a file of lib/io/': {
    file: 'lib/io/subject.ts',
    allowed: ["import { x } from '../record.ts'", "import { x } from 'node:fs'", 'Date.now()', 'process.pid'],
    forbidden: ["import type { x } from 'node-red'", "import { x } from '../../nodes/uptime/io/stats.ts'"],
  },
  'a new file of a node': {
    file: 'nodes/uptime/subject.ts',
    allowed: ["import { x } from './uptime-record.ts'", "import { x } from '../../lib/record.ts'", ...PURE],
    forbidden: [
      ...IMPURE,
      "import { x } from './io/stats.ts'",
      "import { x } from '../../lib/io/state-file.ts'",
      "import { x } from '../../lib/io/poll.ts'",
      "import { x } from '../http-check/state.ts'",
      "import { x } from '../graylog-server/graylog-server.ts'",
    ],
  },
  'a file in a room of a node': {
    file: 'nodes/auth-log-in/message/sshd/subject.ts',
    allowed: [
      "import { x } from './attempt.ts'",
      "import { x } from '../fields.ts'",
      "import { x } from '../../settings.ts'",
      "import { x } from '../../../../lib/record.ts'",
      ...PURE,
    ],
    forbidden: [
      ...IMPURE,
      "import { x } from '../../io/source.ts'",
      "import { x } from '../../../../lib/io/poll.ts'",
      "import { x } from '../../../uptime/reboot.ts'",
    ],
  },
  'a file in io/ of a node': {
    file: 'nodes/uptime/io/subject.ts',
    allowed: [
      "import { x } from '../uptime-record.ts'",
      "import { x } from './stats.ts'",
      "import { x } from '../../../lib/io/poll.ts'",
      "import x from 'systeminformation'",
      "import { x } from 'node:fs'",
      'Date.now()',
    ],
    forbidden: [
      "import type { x } from 'node-red'",
      "import { x } from '../../http-check/io/check.ts'",
      "import type { x } from '../../http-check/http-check.ts'",
    ],
  },
  'a file in a room below io/ of a node': {
    file: 'nodes/graylog-server/io/transports/subject.ts',
    allowed: [
      "import { x } from '../ship/shipper.ts'",
      "import { x } from './transport.ts'",
      "import { x } from '../../endpoint.ts'",
      "import { x } from '../../../../lib/errors.ts'",
      "import { x } from 'node:net'",
    ],
    forbidden: ["import type { x } from 'node-red'", "import { x } from '../../../uptime/io/stats.ts'"],
  },
  ...Object.fromEntries(
    ['graylog-out.ts', 'routes.ts'].map((file) => [
      `the wiring of a node in ${file}`,
      {
        file: `nodes/graylog-out/${file}`,
        allowed: [
          "import type { x } from 'node-red'",
          "import { x } from './document/writer.ts'",
          "import { x } from './io/subject.ts'",
          "import { x } from '../../lib/status.ts'",
          "import { x } from '../../lib/io/state-file.ts'",
          "import type { x } from '../graylog-server/graylog-server.ts'",
          'Date.now()',
        ],
        forbidden: [
          "import { x } from '../graylog-server/graylog-server.ts'",
          "import x from '../graylog-server/graylog-server.ts'",
          "import type { x } from '../graylog-server/io/ship/shipper.ts'",
          "import { x } from '../uptime/uptime-record.ts'",
          "import type { x } from '../uptime/uptime-record.ts'",
          ...libraryImports,
        ],
      },
    ]),
  ),
  'a pure file of a plugin': {
    file: 'plugins/monitoring-page/ring/subject.ts',
    allowed: ["import { x } from './lane.ts'", "import { x } from '../../../lib/ring.ts'", ...PURE],
    forbidden: [
      ...IMPURE,
      "import { x } from '../io/record-keeper.ts'",
      "import { x } from '../../../nodes/uptime/uptime-record.ts'",
    ],
  },
  'a file in io/ of a plugin': {
    file: 'plugins/monitoring-page/io/subject.ts',
    allowed: ["import { x } from '../ring/lane.ts'", "import { x } from '../../../lib/bus.ts'", 'Date.now()'],
    forbidden: ["import type { x } from 'node-red'", "import { x } from '../../../nodes/uptime/io/stats.ts'"],
  },
  'the server half of a plugin': {
    file: 'plugins/monitoring-page/monitoring-page.ts',
    allowed: ["import type { x } from 'node-red'", "import { x } from './io/record-keeper.ts'", 'Date.now()'],
    forbidden: ["import { x } from '../../nodes/uptime/uptime-record.ts'", ...libraryImports],
  },
  'the page half of a plugin': {
    file: 'plugins/monitoring-page/page/parts/subject.ts',
    allowed: [
      "import { x } from 'preact'",
      "import { x } from 'preact/hooks'",
      "import x from 'uplot'",
      "import { x } from '../../view/row.ts'",
      "import { x } from '../../../../lib/visible.ts'",
      'Date.now()',
    ],
    forbidden: [
      "import { x } from 'node:fs'",
      "import type { x } from '../../io/watcher.ts'",
      "import { x } from 'react'",
      'document.body.innerHTML',
      "document.body.insertAdjacentHTML('beforeend', '')",
      ...libraryImports,
    ],
  },
  'the editor half of a node': {
    file: 'nodes/uptime/uptime.editor.ts',
    allowed: [
      "import type { x } from 'node-red'",
      "import { x } from '../../lib/number-field.ts'",
      "import { x } from './uptime-record.ts'",
    ],
    forbidden: [
      "import { x } from 'node:fs'",
      "import { x } from './io/stats.ts'",
      "import { x } from '../../lib/io/poll.ts'",
      "import { x } from '../http-check/state.ts'",
      ...libraryImports,
    ],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-lint-'));
after(() => rmSync(folder, { recursive: true }));

interface Diagnostic {
  category: string;
  severity: string;
}

/** What the linter says of a file or folder of the test's own checkout. */
function lint(path: string): Diagnostic[] {
  const biome = join(packageRoot, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', path], {
    cwd: folder,
    encoding: 'utf8',
  });
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}

function textWith(line: string): string {
  if (line.startsWith('export ')) return `${line};\n`;
  if (line.startsWith('import type ')) return `${line};\nexport type Y = x;\n`;
  return line.startsWith('import ') ? `${line};\nexport const y = x;\n` : `export const y = ${line};\n`;
}

/** What a file of this text is found guilty of: the table's own rules, not those of style. */
function faults(file: string, line: string): string[] {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textWith(line));
  const found = lint(file);
  rmSync(path);
  return found
    .filter(({ severity, category }) => severity === 'error' && category === 'plugin')
    .map(({ category }) => category);
}

cpSync(join(packageRoot, 'biome.json'), join(folder, 'biome.json'));
cpSync(join(packageRoot, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });

for (const [name, { file, allowed, forbidden }] of Object.entries(cases)) {
  test(`${name} may hold what the table allows`, () => {
    for (const line of allowed) assert.deepEqual(faults(file, line), [], line);
  });
  test(`${name} may not hold what the table forbids`, () => {
    for (const line of forbidden) assert.notDeepEqual(faults(file, line), [], line);
  });
}

const rules = {
  'lint/suspicious/noImportCycles': {
    'lib/a.ts': "import { b } from './b.ts';\nexport const a = (): number => b();\n",
    'lib/b.ts': "import { a } from './a.ts';\nexport const b = (): number => a();\n",
  },
  'lint/nursery/noFloatingPromises': {
    'lib/a.ts': 'async function a(): Promise<void> {}\nexport function b(): void {\n  a();\n}\n',
  },
  'lint/nursery/noMisusedPromises': {
    'lib/a.ts':
      'async function a(): Promise<void> {}\nexport function b(): void {\n  [1].forEach(async () => a());\n}\n',
  },
  'lint/correctness/useImportExtensions': {
    'lib/a.ts': "export { b } from './b';\n",
    'lib/b.ts': 'export const b = 1;\n',
  },
  'lint/correctness/noUndeclaredDependencies': {
    'lib/io/a.ts': "export { Dialer } from 'docker-modem';\n",
    'package.json': '{ "name": "a", "dependencies": {} }',
  },
  'lint/complexity/noExcessiveCognitiveComplexity': {
    'lib/a.ts': `export function a(b: number): number {\n${'  if (b > 1) b += 1;\n'.repeat(21)}  return b;\n}\n`,
  },
};

for (const [rule, files] of Object.entries(rules)) {
  test(`the linter's ${rule.split('/').at(-1)} is on`, () => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const found = lint('lib').filter(({ severity }) => severity === 'error');
    for (const file of Object.keys(files)) rmSync(join(folder, file));
    assert.deepEqual([...new Set(found.map(({ category }) => category))], [rule]);
  });
}
