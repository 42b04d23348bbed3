import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { environmentTls } from '../../../../nodes/docker-engine/io/certificates.ts';
import { temporaryFolder } from '../../../support/folder.ts';

test('`environmentTls()` reads the certificates of the docker command, only where they are to be used', () => {
  const folder = temporaryFolder();
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, `${name}.pem`), name);
  const variables: { [name: string]: string } = { DOCKER_CERT_PATH: folder };
  assert.equal(
    environmentTls((name) => variables[name]),
    undefined,
  );
  variables.DOCKER_TLS_VERIFY = '1';
  const expected = { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key') };
  assert.deepEqual(
    environmentTls((name) => variables[name]),
    expected,
  );
  assert.deepEqual(
    environmentTls((name) => (name === 'DOCKER_TLS_VERIFY' ? '1' : undefined)),
    {},
  );
});
