import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecentEntries } from '../../../nodes/alert/recent-entries.ts';

const step = fc.tuple(fc.constantFrom('use', 'get', 'set', 'delete'), fc.constantFrom('a', 'b', 'c', 'd', 'e'));

type Step = readonly [what: string, id: string];

/** What a Map does that takes an entry out and in again each time it is asked for. */
function play([what, id]: Step, text: string, model: Map<string, string>): string | boolean | undefined {
  const known = model.get(id);
  if (what === 'get') return known;
  if (what === 'delete') return model.delete(id);
  const kept = what === 'set' ? text : known;
  model.delete(id);
  if (kept !== undefined) model.set(id, kept);
  return what === 'set' ? undefined : known;
}

function playOn([what, id]: Step, text: string, entries: RecentEntries<string>): string | boolean | undefined {
  if (what === 'get') return entries.get(id);
  if (what === 'delete') return entries.delete(id);
  if (what === 'use') return entries.use(id);
  entries.set(id, text);
  return undefined;
}

test('entries stand in the order in which they were asked for, as those of a Map that takes each out and in again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const entries = new RecentEntries<string>();
      const model = new Map<string, string>();
      for (const [n, one] of steps.entries()) {
        assert.equal(playOn(one, one[1] + n, entries), play(one, one[1] + n, model));
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
