import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Graylog } from './client.js';
import { fractionKeysOf } from './command.js';
import { install } from './install.js';
import { record } from './record.js';
import { recordInstall } from './record-install.js';
import { Report } from './report.js';
import { readSources } from './sources.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * `npm run graylog -- record URL`: writes what a disposable Graylog answers to `test/fixtures/graylog/<version>/`. Resolves to
 * the exit code.
 */
export async function recordAll([url = process.env.GRAYLOG_URL], env) {
  const { RECORD_KEYS } = await import(pathToFileURL(join(root, 'dist/lib/record-keys.js')).href);
  const report = new Report(process.stdout);
  const graylog = new Graylog(url, env);
  const { version } = await graylog.enter();
  const folder = join(root, 'test/fixtures/graylog', version.replace(/[+-].*/, ''));
  const sources = readSources(join(root, 'graylog'));
  const fractionKeys = fractionKeysOf(RECORD_KEYS);
  await recordInstall(url, {
    ...{ env, sources, report, fractionKeys, folder: join(folder, 'install') },
  });
  // The rules are recorded with all of them installed.
  await install(graylog, { sources, given: {}, fractionKeys, report });
  await record(graylog);
  return 0;
}
