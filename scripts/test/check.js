import { spawn } from 'node:child_process';
import { root } from '../prepare/clone.js';

/** Runs a checking program of the devDependencies: its name, how long it took, and its output where it found fault. */
export async function check(name, [script, ...args]) {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { name, durationMs: performance.now() - startedMs, fault: code === 0 ? undefined : output };
}
