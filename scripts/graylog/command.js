import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runWith } from './main.js';
import { readSources } from './sources.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the words after `graylog` in this process. Resolves to its exit code. The built package knows the keys of records. */
export async function command(words) {
  const { RECORD_KEYS } = await import(pathToFileURL(join(root, 'dist/lib/record-keys.js')).href);
  return await runWith(words, {
    env: process.env,
    sources: readSources(join(root, 'graylog')),
    fractionKeys: fractionKeysOf(RECORD_KEYS),
    output: process.stdout,
    errors: process.stderr,
  });
}

/** The keys whose numbers are always written with a fraction, of the table of all keys. */
export function fractionKeysOf(recordKeys) {
  const all = Object.values(recordKeys).flatMap((keys) => Object.entries(keys));
  return [...new Set(all.filter(([, kind]) => kind === 'fraction').map(([key]) => key))];
}
