import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { secretSetting } from '../../../../lib/io/secret-file.ts';
import { explained } from '../../../support/explained.ts';
import { temporaryFolder } from '../../../support/folder.ts';

/** A placeholder of Node-RED. */
const variable = (name: string): string => `\${${name}}`;

const folder = temporaryFolder();
const path = join(folder, 'url');
writeFileSync(path, 'https://user:s3cret@graylog\n');

const environment = (values: Record<string, string>) => (name: string) => values[name];

test('`secretSetting()` takes the dialog first, then the variable, then the file', () => {
  const all = environment({ LOGGING_URL: 'variable', LOGGING_URL_FILE: path });
  assert.equal(secretSetting('dialog', all, 'LOGGING_URL'), 'dialog');
  assert.equal(secretSetting('', environment({ LOGGING_URL: 'variable' }), 'LOGGING_URL'), 'variable');
  assert.equal(
    secretSetting('', environment({ LOGGING_URL_FILE: path }), 'LOGGING_URL'),
    'https://user:s3cret@graylog',
  );
  assert.equal(secretSetting('', environment({}), 'LOGGING_URL'), undefined);
});

test('`secretSetting()` names the variable where its file is missing, empty, a folder or too large', () => {
  const [empty, dir, large] = ['empty', 'dir', 'large'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(empty, ' \n');
  mkdirSync(dir);
  writeFileSync(large, 's3cret'.repeat(20_000));
  for (const file of [join(folder, 'none'), empty, dir, large]) {
    assert.throws(
      () => secretSetting(undefined, environment({ LOGGING_URL_FILE: file }), 'LOGGING_URL'),
      (error) => /LOGGING_URL_FILE names a file that cannot be read: /.test(explained(error)),
    );
  }
});

test('`secretSetting()` refuses a variable and its file together, also where Node-RED has put in the value', () => {
  const both = environment({ LOGGING_URL: ' s3cret ', LOGGING_URL_FILE: path });
  for (const value of ['', undefined, variable('LOGGING_URL'), 's3cret']) {
    assert.throws(
      () => secretSetting(value, both, 'LOGGING_URL'),
      (error) => explained(error) === 'LOGGING_URL and LOGGING_URL_FILE are both set: leave one of them out',
    );
  }
  assert.equal(secretSetting('dialog', both, 'LOGGING_URL'), 'dialog');
  assert.equal(secretSetting('', environment({ LOGGING_URL: 'a', LOGGING_URL_FILE: '' }), 'LOGGING_URL'), 'a');
});
