import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusalJudge } from '../../../nodes/graylog-server/refusal-judge.ts';
import { explained } from '../../support/explained.ts';

const document = (text: string): string => JSON.stringify({ host: 'h', short_message: text, timestamp: 1 });

/** Sends the documents one by one to a server that refuses what `isRefused` says; gives what became of them. */
async function judged(texts: readonly string[], isRefused: (text: string, posts: number) => boolean) {
  const posted: string[] = [];
  const judge = new RefusalJudge(texts.map(document), async ([text = '']) => {
    const { short_message } = JSON.parse(text) as { short_message: string };
    posted.push(short_message);
    return isRefused(short_message, posted.length) ? 403 : 202;
  });
  let failure: unknown;
  for (let i = 0; i < texts.length && failure === undefined; i += 1) {
    failure = (await judge.post(i, i + 1)) === 202 ? judge.accept(i, i + 1) : await judge.suspect(i, 403);
  }
  failure ??= await judge.convict();
  return { sent: judge.sent, refused: judge.refused.map(({ index }) => index), failure, posted };
}

test('a document that is refused three times while another is taken after it is refused for its own sake', async () => {
  const { sent, refused, failure, posted } = await judged(['a', 'bad', 'c'], (text) => text === 'bad');
  assert.deepEqual([sent, refused, failure], [3, [1], undefined]);
  assert.deepEqual(posted, ['a', 'bad', 'c', 'bad', 'bad']);
});

test('where none comes after it, a document of our own asks whether others are taken', async () => {
  const { sent, refused, posted } = await judged(['a', 'bad'], (text) => text === 'bad');
  assert.deepEqual([sent, refused], [2, [1]]);
  assert.match(String(posted[2]), /^a record was refused with HTTP 403/);
});

test('a server that takes nothing refuses none of them, and is asked few times', async () => {
  const texts = Array.from({ length: 200 }, (_, n) => `${n}`);
  const { sent, refused, failure, posted } = await judged(texts, () => true);
  assert.deepEqual([sent, refused, explained(failure)], [0, [], 'HTTP 403']);
  assert.ok(posted.length < 10, `${posted.length} posts`);
});

test('very many bad ones in a row hold up nothing', async () => {
  const texts = Array.from({ length: 100 }, (_, n) => `bad ${n}`);
  const { sent, refused, failure } = await judged(texts, (text) => text.startsWith('bad'));
  assert.deepEqual([sent, refused.length, failure], [100, 100, undefined]);
});

test('a document that is taken when it is sent again is not refused', async () => {
  const { sent, refused } = await judged(['a', 'b', 'c'], (text, posts) => text === 'b' && posts < 4);
  assert.deepEqual([sent, refused], [3, []]);
});
