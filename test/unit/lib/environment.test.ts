import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  configured,
  dialogValue,
  environmentOf,
  hostRootOf,
  setting,
  settingOr,
  userDirOf,
} from '../../../lib/environment.ts';

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

test('`settingOr()` takes the initial value where there is none, and keeps a blank', () => {
  for (const value of [undefined, null, '${TIMEOUT}', ' ${TIMEOUT} ']) assert.equal(settingOr(value, '10'), '10');
  for (const value of ['', '5', 0, 'a ${TIMEOUT}']) assert.equal(settingOr(value, '10'), value);
});

test('`dialogValue()` looks up the variable of a placeholder that Node-RED has not replaced', () => {
  const environment = (name: string) => (name === 'LOGGING_URL' ? 'from-variable' : undefined);
  const names = ['LOGGING_URL', 'LOGGING_PORT'];
  assert.equal(dialogValue(' ${LOGGING_URL} ', environment, names), 'from-variable');
  assert.equal(dialogValue('${LOGGING_PORT}', environment, names), undefined);
  assert.equal(dialogValue(' typed ', environment, names), 'typed');
  assert.equal(dialogValue(undefined, environment, names), undefined);
});

test('`dialogValue()` reads no variable but those that it is told', () => {
  const asked: string[] = [];
  const environment = (name: string): string => {
    asked.push(name);
    return 'secret';
  };
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'PATH', 'logging_url']) {
    assert.throws(() => dialogValue(`\${${name}}`, environment, ['LOGGING_URL']), { code: 'VARIABLE_NOT_READ' });
  }
  assert.deepEqual(asked, []);
});

test("`hostRootOf()` is where the host's root is mounted, and `/` outside of a container", () => {
  assert.equal(
    hostRootOf((name) => (name === 'HOST_ROOT' ? '/host' : undefined)),
    '/host',
  );
  assert.equal(
    hostRootOf(() => undefined),
    '/',
  );
});

test('`userDirOf()` is the folder of the settings, else the working directory', () => {
  assert.equal(userDirOf({ userDir: '/data' }), '/data');
  assert.equal(userDirOf({}), '.');
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: what Node-RED leaves in place where a variable is not set
