import { type Judged, json, type Posted, parsed, steering } from './judge.ts';

export function ntfy(post: Posted): Judged {
  const bad = (code: number, status: number, error: string): Judged => ({
    answer: json(status, { code, http: status, error }),
  });
  // At the topic's own address the JSON itself would be the message.
  if (post.path !== '/') return { shown: post.body, breaches: ['JSON as text'], answer: json(200, { id: 'x' }) };
  const body = parsed(post.body);
  if (body === undefined) return bad(40_017, 400, 'invalid request: request body must be message JSON');
  const { topic, message, title = '', priority = 3 } = body;
  if (typeof topic !== 'string' || !/^[-_A-Za-z0-9]{1,64}$/.test(topic))
    return bad(40_009, 400, 'invalid request: topic invalid');
  if (typeof message !== 'string' || message === '') return bad(40_000, 400, 'the message would be "triggered"');
  if (Buffer.byteLength(message) > 4_096) return bad(41_303, 413, 'JSON body too large');
  if (Buffer.byteLength(String(title)) > 1_024) return bad(40_057, 400, 'invalid request: title too long');
  if (!Number.isInteger(priority) || Number(priority) < 1 || Number(priority) > 5)
    return bad(40_007, 400, 'invalid priority');
  const shown = [title, message].filter((part) => part !== '').join('\n');
  return { shown, breaches: steering(shown), answer: json(200, { id: 'a1b2', event: 'message', topic }) };
}
