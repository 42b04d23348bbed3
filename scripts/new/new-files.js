import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renamed } from './names.js';

const template = fileURLToPath(new URL('template', import.meta.url));

/** The files of a new node: the text of each by its path in the clone. */
export function newFiles(type) {
  const files = readdirSync(template, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const path = file.slice(template.length + 1).replaceAll(sep, '/');
      return [renamed(path, type), renamed(readFileSync(file, 'utf8'), type)];
    }),
  );
}
