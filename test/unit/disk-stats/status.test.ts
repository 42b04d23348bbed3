import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskAssessor } from '../../../nodes/disk-stats/assessor.ts';
import type { Measured } from '../../../nodes/disk-stats/measured.ts';
import type { Mount } from '../../../nodes/disk-stats/mounts.ts';
import { type DiskSettings, readSettings } from '../../../nodes/disk-stats/settings.ts';
import { statusOf } from '../../../nodes/disk-stats/status.ts';
import { usageOf } from '../../../nodes/disk-stats/usage.ts';

const GIB = 1024 ** 3;

const root: Mount = { device: '/dev/vda', mount: '/', fsType: 'ext4', deviceId: '254:0', root: '/' };

function at(percent: number): Measured {
  const used = percent * 10;
  return {
    mount: root,
    usage: usageOf({ bsize: GIB / 100, blocks: 1000, bfree: 1000 - used, bavail: 1000 - used, files: 0, ffree: 0 }),
  };
}

test('the status is of the mount in the worst state, among equals the fullest', () => {
  const other = { ...root, mount: '/data', deviceId: '8:1' };
  const assessor = new DiskAssessor(readSettings({}) as DiskSettings, 'web1', (key) => key);
  const shown = (all: Measured[]) => statusOf(assessor.assess(all, 0));
  assert.deepEqual(shown([at(20), { ...at(30.2), mount: other }]), {
    state: 'ok',
    key: 'used',
    args: { mount: '/data', percent: 31 },
  });
  assert.equal(shown([{ mount: other, staleMs: 5000 }, at(85)]).key, 'stale');
  assert.equal(shown([at(95), { mount: other, staleMs: 5000 }]).state, 'bad');
  assert.equal(shown([]).key, 'none');
});
