// `npm run soak [-- files and folders]`: the tests that take many minutes, which `npm test` leaves out.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node, root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';

await prepare();
const [...places] = process.argv.slice(2);
const files = places.length === 0 ? [join(root, 'test/soak/**/*.test.ts')] : places;
const child = spawn(node, ['--test', '--test-concurrency=1', ...files], { stdio: 'inherit', cwd: root });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
