// The files that say how Graylog reads foreign lines.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const FOLDERS = ['patterns', 'rules', 'pipelines'];

/** The texts of patterns, rules and pipelines below the folder `graylog`, by their paths in it with `/`, in order. */
export function ruleSources(graylog) {
  const files = FOLDERS.flatMap((folder) => {
    const entries = readdirSync(join(graylog, folder), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  const named = files.map((file) => [relative(graylog, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]);
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A digest of them all: a recording says of which sources it is. */
export function digestOf(sources) {
  const hash = createHash('sha256');
  for (const [path, text] of sources) hash.update(`${path}\0${text.replaceAll('\r\n', '\n')}\0`);
  return hash.digest('hex');
}
