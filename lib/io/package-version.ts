import { readFileSync } from 'node:fs';

/** The version of this package. The built file lies one folder deeper below package.json than the source. */
export function packageVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name?: unknown;
        version?: unknown;
      };
      if (name === '@infra-monitoring/node-red') return String(version);
    } catch {
      // Not in this folder: the next path is one further up.
    }
  }
  return 'unknown';
}
