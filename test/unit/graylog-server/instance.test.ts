import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceValue, parseInstance } from '../../../nodes/graylog-server/instance.ts';

test('`parseInstance()` takes what the document has, and leaves out what it lacks', () => {
  const document = {
    accountId: '111122223333',
    instanceId: 'i-0123456789abcdef0',
    region: 'eu-central-1',
    instanceType: 't4g.small',
    availabilityZone: 'eu-central-1b',
  };
  assert.deepEqual(parseInstance(JSON.stringify(document)), {
    ec2_instance_id: 'i-0123456789abcdef0',
    ec2_region: 'eu-central-1',
    ec2_instance_type: 't4g.small',
    ec2_availability_zone: 'eu-central-1b',
  });
  assert.deepEqual(parseInstance('{"region":"eu-central-1"}'), { ec2_region: 'eu-central-1' });
});

test('what is no document tells nothing', () => {
  for (const text of ['', 'null', '[]', '"x"', '<html>', '{"region":{}}', '{"instanceId":"two words"}'])
    assert.deepEqual(parseInstance(text), {}, text);
});

test('`instanceValue()` takes one value, and no page', () => {
  assert.equal(instanceValue('i-0123\n'), 'i-0123');
  for (const text of ['', '<!doctype html>', 'a b', 'x'.repeat(100)]) assert.equal(instanceValue(text), undefined);
});
