import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MonitoringError } from '../../../lib/errors.ts';
import { serverFields } from '../../../nodes/graylog-server/server-fields.ts';

const fieldsOf = (text: unknown, variable?: string) => serverFields(text, () => variable);

test('the fields of the dialog and of the variable come together, and those of the dialog count', () => {
  assert.deepEqual(fieldsOf(undefined).fields, {});
  assert.deepEqual(fieldsOf('', 'site=ams').fields, { site: 'ams' });
  assert.deepEqual(fieldsOf('role=db', '{"site": "ams", "role": "web"}').fields, { site: 'ams', role: 'db' });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED leaves it where the variable is not set
  assert.deepEqual(fieldsOf('${SITE_FIELDS}', 'site=ams'), { fields: { site: 'ams' }, fault: undefined });
});

test('what is wrong with one of them is told with its name, and the other one still counts', () => {
  const { fields, fault } = fieldsOf('role=db', 'ams');
  assert.deepEqual(fields, { role: 'db' });
  assert.deepEqual((fault as MonitoringError).values, { where: 'LOGGING_FIELDS' });
  assert.equal(((fault as MonitoringError).cause as MonitoringError).code, 'FIELD_NO_PAIR');
  assert.deepEqual((fieldsOf('{', 'site=ams').fault as MonitoringError).values, { where: 'Fields' });
});
