import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonPieces } from '../../../lib/json-pieces.ts';

const anything = fc.oneof(fc.object({ withBigInt: false, maxDepth: 4 }), fc.array(fc.anything({ maxDepth: 3 })));

test('the pieces put together are what JSON.stringify() gives, at every depth', () => {
  fc.assert(
    fc.property(anything, fc.nat({ max: 4 }), (value, depth) => {
      let whole: string;
      try {
        whole = JSON.stringify(value);
      } catch {
        return;
      }
      fc.pre(whole !== undefined);
      assert.equal([...jsonPieces(value, depth)].join(''), whole);
    }),
  );
});

test('each element of a list that lies deep enough is a piece of its own, made when it is asked for', () => {
  const made: number[] = [];
  const keys = [1, 2, 3].map((id) => ({ toJSON: () => made.push(id) && { id } }));
  const pieces = jsonPieces({ a: 1, engine: { keys, none: undefined } }, 3);
  for (const piece of pieces) if (piece === '{"id":1}') break;
  assert.deepEqual(made, [1]);
  assert.equal(
    [...jsonPieces({ a: 1, engine: { keys, none: undefined } }, 3)].join(''),
    JSON.stringify({ a: 1, engine: { keys } }),
  );
});
