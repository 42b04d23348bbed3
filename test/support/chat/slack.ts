import { type Judged, mentions, type Posted, parsed, steering } from './judge.ts';

export function slack(post: Posted): Judged {
  const body = parsed(post.body);
  if (!/^application\/json/.test(post.headers['content-type'] ?? '') || body === undefined)
    return { answer: { status: 400, body: 'invalid_payload' } };
  const { text, blocks } = body;
  if (blocks !== undefined) return { answer: { status: 400, body: 'invalid_blocks' } };
  if (typeof text !== 'string' || text.trim() === '') return { answer: { status: 400, body: 'no_text' } };
  if (Buffer.byteLength(text) > 4_000) return { answer: { status: 400, body: 'msg_too_long' } };
  const breaches = [...steering(text), ...mentions(text)];
  if (/[<>]/.test(text)) breaches.push('a tag of Slack');
  if (/&(?!amp;|lt;|gt;)/.test(text)) breaches.push('an entity that Slack does not have');
  if (/&quot;|&#/.test(text)) breaches.push('an entity that people see');
  if (body.mrkdwn !== false && /[*_~`]/.test(text) && body.unfurl_links !== undefined) breaches.push('formats');
  if (/https?:\/\//.test(text) && body.unfurl_links !== false && body.mrkdwn !== undefined) breaches.push('a preview');
  const shown = text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
  return { shown, breaches, answer: { status: 200, body: 'ok' } };
}
