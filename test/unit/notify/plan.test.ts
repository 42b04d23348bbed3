import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Alert, alertOf } from '../../../nodes/notify/alert.ts';
import { plan, type ToldOf } from '../../../nodes/notify/plan.ts';
import { ToldLog } from '../../../nodes/notify/told.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'notice'] as const;

interface Step {
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  readonly severity: (typeof SEVERITIES)[number];
  readonly reminder: number;
  /** What waits is told after it. */
  readonly isTold: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  state: fc.constantFrom('firing', 'firing', 'resolved'),
  severity: fc.constantFrom(...SEVERITIES),
  reminder: fc.constantFrom(0, 0, 1),
  isTold: fc.boolean(),
});

function alert({ id, state, severity, reminder }: Step, number: number): Alert {
  const payload = {
    ...{ alert_id: id, alert_state: state, alert_severity: severity, alert_name: 'n', event_id: `${number}` },
    ...(reminder > 0 ? { alert_reminder: reminder } : {}),
  };
  return alertOf({ payload }, number);
}

test('whatever comes and whenever it is told, people know the present in the end, and hear no end without a beginning', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const told = new ToldLog();
      let waiting: Alert[] = [];
      /** What people believe. */
      const heard = new Map<string, string>();
      const last = new Map<string, Step>();
      const tell = (): void => {
        const { lines, silent } = plan(waiting, told.of);
        assert.equal(
          lines.reduce((sum, { alerts }) => sum + alerts.length, silent.length),
          waiting.length,
          'all is told or silent',
        );
        for (const line of lines) {
          const { id } = line.alert;
          if (line.said === 'resolved') assert.ok(heard.has(id), 'an end has a beginning');
          if (line.said === 'brief' || line.said === 'firing') assert.ok(!heard.has(id), 'nothing begins twice');
          if (['resolved', 'brief', 'untold'].includes(line.said)) heard.delete(id);
          else heard.set(id, String(line.alert.record.alert_severity));
          told.tell(line.alert);
        }
        waiting = [];
      };
      for (const [number, one] of steps.entries()) {
        const next = alert(one, number);
        const isWaiting = (id: string): boolean => waiting.some((other) => other.id === id);
        if (told.admits(next, 'notice', isWaiting)) waiting.push(next);
        last.set(one.id, one);
        if (one.isTold) tell();
      }
      tell();
      for (const [id, one] of last) {
        if (one.state === 'resolved') assert.ok(!heard.has(id), `${id} is over`);
        else assert.equal(heard.get(id), one.severity, `${id} fires`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('an end of what reached nobody says so, once', () => {
  const told = (): ToldOf => ({ state: 'untold', severity: 'error' });
  const end = alert({ id: 'a', state: 'resolved', severity: 'error', reminder: 0, isTold: false }, 1);
  assert.deepEqual(
    plan([end], told).lines.map(({ said }) => said),
    ['untold'],
  );
  assert.deepEqual(plan([end], () => undefined).lines, []);
});
