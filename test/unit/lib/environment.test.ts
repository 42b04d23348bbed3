import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configured, environmentOf, setting } from '../../../lib/environment.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: what Node-RED leaves in place where a variable is not set
test('`configured()` gives the text of a dialog, trimmed, and a number as text', () => {
  assert.equal(configured(' graylog.example.com '), 'graylog.example.com');
  assert.equal(configured(12201), '12201');
});

test('`configured()` takes what is blank, no text, or a placeholder left over for not set', () => {
  for (const value of ['', '  ', undefined, null, true, {}, '${LOGGING_URL}', ' ${LOGGING_URL} ']) {
    assert.equal(configured(value), undefined, String(value));
  }
});

test('`configured()` keeps a text that only contains a placeholder, as Node-RED does', () => {
  assert.equal(configured('tcp://${HOST}'), 'tcp://${HOST}');
});

test('`setting()` prefers the dialog over the variable', () => {
  const environment = (name: string) => (name === 'LOGGING_URL' ? 'from-variable' : undefined);
  assert.equal(setting('from-dialog', environment, 'LOGGING_URL'), 'from-dialog');
  assert.equal(setting('', environment, 'LOGGING_URL'), 'from-variable');
  assert.equal(setting('${LOGGING_URL}', environment, 'LOGGING_URL'), 'from-variable');
  assert.equal(setting('', environment, 'LOGGING_PORT'), undefined);
});

test('`setting()` takes an empty variable for not set', () => {
  assert.equal(
    setting(undefined, () => ' ', 'LOGGING_URL'),
    undefined,
  );
});

test("`environmentOf()` asks Node-RED for the node's own view of a variable", () => {
  const node = { id: 'n' };
  const util = {
    getSetting: (asked: object, name: string) => (asked === node && name === 'PORT' ? 12201 : undefined),
  };
  const environment = environmentOf(util, node);
  assert.equal(environment('PORT'), '12201');
  assert.equal(environment('OTHER'), undefined);
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: what Node-RED leaves in place where a variable is not set
