import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, refusalError, refusalWords } from '../../../../lib/docker/client.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import { wordsOf } from '../../../support/docker-flow.ts';

test('a refusal keeps the status and the words of the engine', () => {
  const error = refusalError(404, 'No such container: x', '/info');
  assert.equal(refusal(error), 404);
  assert.equal(refusalWords(error), 'No such container: x');
  assert.equal(wordsOf(error), 'No such container: x');
});

test('a refusal without words of the engine says what was refused', () => {
  const error = refusalError(403, undefined, '/prefix/v1.41/info');
  assert.equal(refusal(error), 403);
  assert.equal(refusalWords(error), '');
  assert.equal(wordsOf(error), '403 for /info');
  const path = `/v1.41/containers/${'0123456789abcdef'.repeat(4)}/logs?since=1.0&tail=1`;
  assert.equal(wordsOf(refusalError(502, '', path)), '502 for /containers/0123456789ab/logs');
});

test('what is no refusal has neither status nor words', () => {
  for (const error of [new MonitoringError('NO_JSON'), new Error('no such file'), undefined]) {
    assert.equal(refusal(error), undefined);
    assert.equal(refusalWords(error), '');
  }
});
