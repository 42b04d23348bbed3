import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, refusalError, refusalWords } from '../../../../lib/docker/client.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import { wordsOf } from '../../../support/docker-flow.ts';

test('a refusal keeps the status and the words of the engine', () => {
  const error = refusalError(404, 'No such container: x');
  assert.equal(refusal(error), 404);
  assert.equal(refusalWords(error), 'No such container: x');
  assert.equal(wordsOf(error), 'No such container: x');
});

test('a refusal without words says the status', () => {
  const error = refusalError(500, '');
  assert.equal(refusal(error), 500);
  assert.equal(refusalWords(error), '');
  assert.equal(wordsOf(error), 'HTTP status 500');
});

test('what is no refusal has neither status nor words', () => {
  for (const error of [new MonitoringError('NO_JSON'), new Error('no such file'), undefined]) {
    assert.equal(refusal(error), undefined);
    assert.equal(refusalWords(error), '');
  }
});
