import { type Judged, json, mentions, type Posted, parsed, steering, unescaped } from './judge.ts';

export function mattermost(post: Posted): Judged {
  const body = parsed(post.body);
  const refused = (id: string): Judged => ({ answer: json(400, { id, message: id, status_code: 400 }) });
  if (body === undefined) return refused('api.webhook.incoming.parse.app_error');
  const { text } = body;
  if (typeof text !== 'string' || text.trim() === '') return refused('api.webhook.incoming.no_text.app_error');
  if ([...text].length > 4_000) return refused('api.post.create_post.too_long.app_error');
  // Our own bold titles stand on lines of their own.
  const own = text.replace(/^\*\*(.*)\*\*$/gm, '$1');
  const { shown, breaches } = unescaped(own, /[*_`~#[\]()<>|!]|^\s*(?:[-+>]|\d+\.) |https?:\/\/|www\./m);
  const all = [...breaches, ...steering(text), ...mentions(text)];
  return { shown, breaches: all, answer: { status: 200, body: 'ok' } };
}
