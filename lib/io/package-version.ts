import { readFileSync } from 'node:fs';

/** The version of this package, from the package.json above this file: built, it lies one folder deeper. */
export function packageVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (name === '@infra-monitoring/node-red') return version;
    } catch {
      // Not there: one further up.
    }
  }
  return 'unknown';
}
