import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packOf } from '../graylog/pack.js';
import { readSources } from '../graylog/sources.js';

/** Writes the content pack for Graylog to `dist/graylog/`. Its revision is that of the package: 1.2.3 becomes 10203. */
export function buildPack(root) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [major, minor, patch] = version.split('.').map((part) => Number.parseInt(part, 10));
  const pack = packOf(readSources(join(root, 'graylog')), major * 10_000 + minor * 100 + patch);
  mkdirSync(join(root, 'dist/graylog'), { recursive: true });
  writeFileSync(join(root, 'dist/graylog/content-pack.json'), `${JSON.stringify(pack, null, 1)}\n`);
}
