import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TopicCache } from '../../../lib/topic.ts';

test('a topic is the prefix and the kind, known or new', () => {
  const topics = new TopicCache('auth/');
  for (const kind of ['sudo', 'su', 'sudo', undefined]) assert.equal(topics.topicOf(kind), `auth/${kind}`);
});

test('topics stay right when there are more kinds than the table takes', () => {
  const topics = new TopicCache('auth/');
  for (let kind = 0; kind < 1_500; kind += 1) topics.topicOf(kind);
  for (const kind of [0, 999, 1_000, 1_499]) assert.equal(topics.topicOf(kind), `auth/${kind}`);
});
