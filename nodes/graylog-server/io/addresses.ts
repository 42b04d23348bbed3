import { join } from 'node:path';
import { type Environment, setting } from '../../../lib/environment.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { secretSetting } from '../../../lib/io/secret-file.ts';
import { STATE_FOLDER } from '../../../lib/io/state-file.ts';
import { type Endpoint, readEndpoints } from '../endpoint.ts';
import { withRecordFile } from '../record-file.ts';

/** What the dialog has of the addresses. */
export interface Addresses {
  readonly endpoints: string;
  readonly port: string;
  /** Whether the dialog has an authorization; older flows do not tell. */
  readonly hasAuthorization?: boolean;
}

/**
 * Where the records of a server go, by its dialog, the environment and the file of a secret; what is wrong with that.
 * `userDir` is where the file of a server without an address lies. Without the `authorization` that the dialog has, which
 * Node-RED drops where it cannot decrypt it, nothing goes anywhere.
 */
export function readAddresses(
  config: Addresses,
  environment: Environment,
  userDir: string,
  authorization: string | undefined,
): { endpoints: Endpoint[]; fault: unknown } {
  const { endpoints, fault } = readEndpoints(
    () => secretSetting(config.endpoints, environment, 'LOGGING_URL'),
    setting(config.port, environment, 'LOGGING_PORT'),
  );
  const isHttp = endpoints.some(({ protocol }) => protocol === 'http' || protocol === 'https');
  if (config.hasAuthorization === true && authorization === undefined && isHttp)
    return { endpoints: [], fault: new MonitoringError('CREDENTIALS_MISSING') };
  return { endpoints: withRecordFile(endpoints, join(userDir, STATE_FOLDER)), fault };
}
