import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  idOfLink,
  keyBefore,
  keyOfTarget,
  parseLogName,
  parsePodFolder,
  restartsOf,
} from '../../../../lib/pods/log-path.ts';
import { containerNameOf } from '../../../../lib/pods/record-name.ts';

test('the folder of a pod has its namespace, its name and its uid', () => {
  const uid = '0c5d9b6e-5d0a-4f0e-9c8b-0f0f0f0f0f0f';
  assert.deepEqual(parsePodFolder(`kube-system_dns-7d4-x_${uid}`), { namespace: 'kube-system', pod: 'dns-7d4-x', uid });
  for (const name of ['', 'a', 'a_b', 'a_b_', '_b_c', 'a__c', 'a_b_c_d'])
    assert.equal(parsePodFolder(name), undefined, name);
});

test('a log is named by its restarts, and so is what rotation made of it', () => {
  assert.deepEqual(['0.log', '12.log', '00.log', '1.log.gz', 'x.log', '-1.log'].map(parseLogName), [
    0,
    12,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(['0.log', '3.log.20260101-000000', '3.log.20260101-000000.gz', 'x'].map(restartsOf), [
    0,
    3,
    3,
    undefined,
  ]);
});

test('a link names the id of a container and the log that it leads to', () => {
  const id = 'a'.repeat(64);
  assert.equal(idOfLink(`web-0_shop_app-${id}.log`), id);
  assert.equal(idOfLink('web-0_shop_app-short.log'), undefined);
  assert.equal(keyOfTarget('/var/log/pods/shop_web-0_u1/app/2.log'), 'shop_web-0_u1/app/2');
  for (const target of ['/x/0.log', '/var/lib/docker/containers/x-json.log', '', 'shop_web-0_u1/app/2.log.gz'])
    assert.equal(keyOfTarget(target), undefined, target);
});

test('the log of the run before has one restart less', () => {
  const log = { namespace: 'n', pod: 'p', uid: 'u', container: 'c', restarts: 10, key: 'n_p_u/c/10', path: '' };
  assert.equal(keyBefore(log), 'n_p_u/c/9');
});

test('a container of a pod is told apart by namespace and pod, any other by its name', () => {
  assert.equal(containerNameOf({ container_name: 'app', pod_name: 'web-0', pod_namespace: 'shop' }), 'shop/web-0/app');
  assert.equal(containerNameOf({ container_name: 'app' }), 'app');
  assert.equal(containerNameOf({ pod_name: 'web-0' }), undefined);
});
