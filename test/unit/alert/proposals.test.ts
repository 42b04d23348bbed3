import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { freeIn, PRESETS, proposalFor, samplesFor } from '../../../nodes/alert/dialog/proposals.ts';
import { ALERT_DEFAULTS, type AlertProperties } from '../../../nodes/alert/properties.ts';
import { readSettings } from '../../../nodes/alert/settings.ts';
import { AlertBench } from '../../support/alert-bench.ts';

const flow = JSON.parse(
  readFileSync(new URL('../../../flows/infrastructure-monitoring.json', import.meta.url), 'utf8'),
) as (Partial<AlertProperties> & { readonly type: string })[];

test('an alert of the default flow that names a preset has its values: they stand in one place', () => {
  // Of another kind, a preset says only that statuses are records.
  const named = flow.filter(({ type, kind, preset = '' }) => type === 'alert' && kind === 'state' && preset !== '');
  assert.ok(named.length >= 2);
  for (const { preset = '', field, bad, good, critical, each } of named) {
    const { field: f, bad: b, good: g, critical: c = '', each: e } = PRESETS[preset] ?? {};
    assert.deepEqual([field, bad, good, critical, each], [f, b, g, c, e], preset);
  }
});

test('every proposal is one that a node takes', () => {
  for (const kind of ['state', 'limit', 'count', 'match', 'absence'] as const) {
    for (const logType of ['auth', 'disk', 'uptime', 'http_check', 'docker_event', 'docker_log', 'node_status']) {
      const proposal = proposalFor(kind, [logType]);
      const isWhole = kind !== 'state' && kind !== 'limit' ? true : proposal.field !== '';
      if (isWhole) assert.doesNotThrow(() => readSettings({ ...ALERT_DEFAULTS, ...proposal, name: 'x', kind }, 'UTC'));
    }
  }
});

test('a disk under fifty containers rings once by the preset, and is over with a warning', () => {
  const bench = new AlertBench({ ...proposalFor('state', ['disk']), kind: 'state' });
  const disk = (disk_state: string): void => {
    bench.take({ disk_mount: '/', disk_fs_type: 'ext4', disk_state });
    for (let n = 0; n < 50; n += 1) bench.take({ disk_mount: `/layer/${n}`, disk_fs_type: 'overlay', disk_state });
  };
  for (const state of ['warning', 'critical', 'critical', 'warning', 'ok']) disk(state);
  assert.deepEqual(bench.story, ['firing /', 'resolved /']);
});

test('a rate or a share needs two samples where it is proposed: the first after a start may be a spike', () => {
  assert.deepEqual(['cpu_percent', 'load_5m', 'records_buffered'].map(samplesFor), ['2', '2', '0']);
  for (const logType of ['disk', 'uptime', 'http_check']) assert.equal(proposalFor('limit', [logType]).forSamples, '2');
});

test('what somebody wrote is not proposed over', () => {
  const earlier = proposalFor('state', ['http_check']);
  const isFree = freeIn({ ...ALERT_DEFAULTS, ...earlier, good: 'fine' }, earlier);
  assert.deepEqual([isFree('field'), isFree('good'), isFree('severity')], [true, false, true]);
});
