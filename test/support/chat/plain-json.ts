import { isWellFormed, type Judged, type Posted, parsed, steering } from './judge.ts';

export function plainJson(post: Posted): Judged {
  const body = parsed(post.body);
  const isJson = post.headers['content-type'] === 'application/json; charset=utf-8';
  if (body === undefined || !isJson || !isWellFormed(JSON.stringify(body)))
    return { answer: { status: 400, body: 'no JSON' } };
  if (Buffer.byteLength(post.body) > 256 * 1024) return { answer: { status: 413, body: 'too large' } };
  const shown = [body.title, body.text].filter((part) => typeof part === 'string').join('\n');
  return { shown, breaches: steering(shown), answer: { status: 204 } };
}
