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

const LIBRARIES = ['dockerode', 'tail', 'systeminformation', 'gelf-pro'];

const cases: Record<string, Case> = {
  'a file of lib/': {
    file: 'lib/subject.ts',
    allowed: ["import { x } from './record.ts'", "import { x } from 'node:fs'", 'Date.now()', 'process.pid'],
    forbidden: [
      "import type { x } from 'node-red'",
      "import { x } from '../nodes/uptime/uptime-record.ts'",
      ...LIBRARIES.map((library) => `import x from '${library}'`),
    ],
  },
  'a new file of a node, which is pure unless biome.json says that it does I/O,': {
    file: 'nodes/uptime/subject.ts',
    allowed: ["import { x } from './uptime-record.ts'", "import { x } from '../../lib/record.ts'", 'new Date(0)'],
    forbidden: [
      "import type { x } from 'node-red'",
      "import { x } from 'node:fs'",
      "import { x } from '../http-check/result.ts'",
      ...LIBRARIES.map((library) => `import x from '${library}'`),
      'Date.now()',
      'new Date()',
      'performance.now()',
      'setTimeout(() => 0, 1)',
      'setInterval(() => 0, 1)',
      'setImmediate(() => 0)',
      'process.env',
      "fetch('http://localhost')",
    ],
  },
  'an I/O file': {
    file: 'nodes/uptime/stats.ts',
    allowed: [
      "import { x } from './uptime-record.ts'",
      "import { x } from '../../lib/record.ts'",
      "import x from 'systeminformation'",
      "import { x } from 'node:fs'",
      'Date.now()',
    ],
    forbidden: ["import type { x } from 'node-red'", "import { x } from '../http-check/check.ts'"],
  },
  'an I/O file in a folder of its node': {
    file: 'nodes/graylog-server/transports/tcp.ts',
    allowed: [
      "import { x } from '../shipper.ts'",
      "import { x } from './transport.ts'",
      "import { x } from 'node:net'",
    ],
    forbidden: ["import type { x } from 'node-red'", "import { x } from '../../uptime/stats.ts'"],
  },
  'the wiring of a node': {
    file: 'nodes/graylog-out/graylog-out.ts',
    allowed: [
      "import type { x } from 'node-red'",
      "import { x } from './gelf.ts'",
      "import { x } from '../../lib/status.ts'",
      "import type { x } from '../graylog-server/graylog-server.ts'",
    ],
    forbidden: [
      "import { x } from '../graylog-server/graylog-server.ts'",
      "import x from '../graylog-server/graylog-server.ts'",
      "import { x } from '../graylog-server/shipper.ts'",
      "import { x } from '../uptime/uptime-record.ts'",
      "import type { x } from '../uptime/uptime.ts'",
      ...LIBRARIES.map((library) => `import x from '${library}'`),
    ],
  },
  'the editor half of a node': {
    file: 'nodes/uptime/uptime.editor.ts',
    allowed: [
      "import type { x } from 'node-red'",
      "import { x } from '../../lib/interval.ts'",
      "import { x } from './uptime-record.ts'",
    ],
    forbidden: [
      "import { x } from 'node:fs'",
      "import { x } from '../http-check/result.ts'",
      ...LIBRARIES.map((library) => `import x from '${library}'`),
    ],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-lint-'));
after(() => rmSync(folder, { recursive: true }));

/** What a file of this text is found guilty of: the table's own rules, not those of style. */
function faults(file: string, line: string): string[] {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  const use = line.startsWith('import') ? `${line};\nexport const y = x;\n` : `export const y = ${line};\n`;
  writeFileSync(path, line.startsWith('import type') ? `${line};\nexport type Y = x;\n` : use);
  const biome = join(packageRoot, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', file], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(path);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; severity: string }[] };
  return diagnostics
    .filter(({ severity, category }) => severity === 'error' && /plugin|noRestricted/.test(category))
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
