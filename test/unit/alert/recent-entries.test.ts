import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecentEntries } from '../../../nodes/alert/recent-entries.ts';

const step = fc.tuple(fc.constantFrom('use', 'get', 'set', 'delete'), fc.constantFrom('a', 'b', 'c', 'd', 'e'));

test('entries stand in the order in which they were asked for, as those of a Map that takes each out and in again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const entries = new RecentEntries<string>();
      const model = new Map<string, string>();
      for (const [n, [what, id]] of steps.entries()) {
        const known = model.get(id);
        if (what === 'get') assert.equal(entries.get(id), known);
        if (what === 'use') assert.equal(entries.use(id), known);
        if (what === 'delete') assert.equal(entries.delete(id), model.delete(id));
        if (what === 'set') entries.set(id, id + n);
        if (what === 'set' || (what === 'use' && known !== undefined)) {
          model.delete(id);
          model.set(id, what === 'set' ? id + n : (known as string));
        }
        assert.equal(entries.size, model.size);
        assert.deepEqual([...entries.values()], [...model.values()]);
      }
    }),
  );
});

test('those that are gone through may be taken out', () => {
  const entries = new RecentEntries<string>();
  for (const id of ['a', 'b']) entries.set(id, id);
  for (const id of entries.values()) if (id === 'a') break;
  entries.delete('a');
  assert.deepEqual([...entries.values()], ['b']);
});
