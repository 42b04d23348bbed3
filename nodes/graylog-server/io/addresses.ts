import { join } from 'node:path';
import { type Environment, setting } from '../../../lib/environment.ts';
import { secretSetting } from '../../../lib/io/secret-file.ts';
import { STATE_FOLDER } from '../../../lib/io/state-file.ts';
import { type Endpoint, readEndpoints } from '../endpoint.ts';
import { withRecordFile } from '../record-file.ts';

/**
 * Where the records of a server go, by its dialog, the environment and the file of a secret; what is wrong with that.
 * `userDir` is where the file of a server without an address lies.
 */
export function readAddresses(
  config: { readonly endpoints: string; readonly port: string },
  environment: Environment,
  userDir: string,
): { endpoints: Endpoint[]; fault: unknown } {
  const { endpoints, fault } = readEndpoints(
    () => secretSetting(config.endpoints, environment, 'LOGGING_URL'),
    setting(config.port, environment, 'LOGGING_PORT'),
  );
  return { endpoints: withRecordFile(endpoints, join(userDir, STATE_FOLDER)), fault };
}
