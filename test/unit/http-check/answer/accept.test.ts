import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts, parseAccept } from '../../../../nodes/http-check/answer/accept.ts';

test('parseAccept() reads codes and ranges and refuses everything else', () => {
  const ranges = parseAccept('200-299, 401') ?? [];
  assert.deepEqual(
    [200, 299, 300, 401, 402].map((code) => accepts(ranges, code)),
    [true, true, false, true, false],
  );
  for (const text of ['', '2xx', '200-', '299-200', '99', '600', '200,,201', undefined])
    assert.equal(parseAccept(text), undefined);
});
