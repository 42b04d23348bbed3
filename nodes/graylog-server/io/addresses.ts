import { join } from 'node:path';
import { type Environment, setting } from '../../../lib/environment.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { secretSetting } from '../../../lib/io/secret-file.ts';
import { STATE_FOLDER } from '../../../lib/io/state-file.ts';
import { type BrokerLogin, type Endpoint, isBroker, readEndpoints } from '../endpoint.ts';
import { withRecordFile } from '../record-file.ts';

/** What the dialog has of the addresses. */
export interface Addresses {
  readonly endpoints: string;
  readonly port: string;
  /** Whether the dialog has an authorization; older flows do not tell. */
  readonly hasAuthorization?: boolean;
  /** The same of the password at a broker. */
  readonly hasBrokerPassword?: boolean;
}

/** What Node-RED keeps with the credentials of a server. */
export interface Secrets {
  readonly authorization?: string | undefined;
  readonly brokerUser?: string | undefined;
  readonly brokerPassword?: string | undefined;
}

/** The login at brokers whose address has none; undefined where the dialog has none either. */
export function brokerLogin({ brokerUser = '', brokerPassword = '' }: Secrets): BrokerLogin | undefined {
  return brokerUser === '' && brokerPassword === '' ? undefined : { user: brokerUser, password: brokerPassword };
}

/**
 * Where the records of a server go, by its dialog, the environment and the file of a secret; what is wrong with that.
 * `userDir` is where the file of a server without an address lies. Without a secret that the dialog has, which Node-RED drops
 * where it cannot decrypt it, nothing goes anywhere.
 */
export function readAddresses(
  config: Addresses,
  environment: Environment,
  userDir: string,
  { authorization, brokerPassword }: Secrets,
): { endpoints: Endpoint[]; fault: unknown } {
  const { endpoints, fault } = readEndpoints(
    () => secretSetting(config.endpoints, environment, 'LOGGING_URL'),
    setting(config.port, environment, 'LOGGING_PORT'),
  );
  const isHttp = endpoints.some(({ protocol }) => protocol === 'http' || protocol === 'https');
  const isBrokered = endpoints.some(({ protocol }) => isBroker(protocol));
  const isMissing = (has: boolean | undefined, secret: string | undefined): boolean => has === true && !secret;
  const isHttpClosed = isHttp && isMissing(config.hasAuthorization, authorization);
  if (isHttpClosed || (isBrokered && isMissing(config.hasBrokerPassword, brokerPassword)))
    return { endpoints: [], fault: new MonitoringError('CREDENTIALS_MISSING') };
  return { endpoints: withRecordFile(endpoints, join(userDir, STATE_FOLDER)), fault };
}
