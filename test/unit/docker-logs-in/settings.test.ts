import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongSetting } from '../../../nodes/docker-logs-in/settings.ts';

test('`wrongSetting()` names the first value that cannot be used', () => {
  assert.equal(wrongSetting({}), undefined);
  assert.deepEqual(wrongSetting({ composeDir: 'srv' }), { fault: 'badFolder', value: 'srv' });
  assert.deepEqual(wrongSetting({ multiline: '(' }), { fault: 'badPattern', value: '(' });
  assert.equal(wrongSetting({ rules: [{ of: 'x' }] })?.fault, 'badRules');
  assert.deepEqual(wrongSetting({ multilineMs: '5' }), { fault: 'badWait', value: '5' });
});
