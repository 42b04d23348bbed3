import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configured, type Environment } from '../../../lib/environment.ts';

/**
 * The certificates that the docker command uses: `ca.pem`, `cert.pem` and `key.pem` in `DOCKER_CERT_PATH`, when
 * `DOCKER_TLS_VERIFY` is set. Undefined where it is not; throws where a file cannot be read.
 */
export function environmentTls(environment: Environment): object | undefined {
  if (configured(environment('DOCKER_TLS_VERIFY')) === undefined) return undefined;
  const folder = configured(environment('DOCKER_CERT_PATH'));
  if (folder === undefined) return {};
  const read = (name: string): Buffer => readFileSync(join(folder, `${name}.pem`));
  return { ca: read('ca'), cert: read('cert'), key: read('key') };
}
