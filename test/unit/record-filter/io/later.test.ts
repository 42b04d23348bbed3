import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Later } from '../../../../nodes/record-filter/io/later.ts';

test('it acts once for all that is asked in its time, again for what is asked later, and not after its end', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let acts = 0;
  const later = new Later(60_000, () => {
    acts += 1;
  });
  for (let n = 0; n < 3; n += 1) later.schedule();
  t.mock.timers.tick(59_999);
  assert.equal(acts, 0);
  t.mock.timers.tick(1);
  assert.equal(acts, 1);
  t.mock.timers.tick(120_000);
  assert.equal(acts, 1, 'no timer runs while nothing happens');
  later.schedule();
  t.mock.timers.tick(60_000);
  assert.equal(acts, 2);
  later.schedule();
  later.close();
  t.mock.timers.tick(60_000);
  assert.equal(acts, 2);
});
