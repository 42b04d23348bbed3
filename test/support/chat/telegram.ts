import { type Judged, json, mentions, type Posted, parsed, steering } from './judge.ts';

export const TOKEN = '123456:AAE-secret_Token';
export const CHAT = '-1001234567890';

export function telegram(post: Posted): Judged {
  const bad = (description: string, status = 400): Judged => ({
    answer: json(status, { ok: false, error_code: status, description }),
  });
  if (post.path !== `/bot${TOKEN}/sendMessage`) return bad('Not Found', 404);
  const body = parsed(post.body);
  if (body === undefined) return bad('Bad Request: message text is empty');
  const { text, chat_id: chat, parse_mode: mode } = body;
  if (String(chat) !== CHAT) return bad('Bad Request: chat not found');
  if (typeof text !== 'string' || text.trim() === '') return bad('Bad Request: message text is empty');
  let shown = text;
  if (mode === 'HTML') {
    const fault = htmlFault(text);
    if (fault !== undefined) return bad(`Bad Request: can't parse entities: ${fault}`);
    shown = text
      .replace(/<[^>]*>/g, '')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
  } else if (mode !== undefined) return bad('Bad Request: unsupported parse_mode');
  if (shown.length > 4_096) return bad('Bad Request: message is too long');
  const breaches = [...steering(shown), ...mentions(shown)];
  const preview = body.link_preview_options as { is_disabled?: boolean } | undefined;
  if (preview?.is_disabled !== true) breaches.push('a preview');
  if (/<(?!\/?b>)/.test(text) && mode === 'HTML') breaches.push('a tag that is not ours');
  return { shown, breaches, answer: json(200, { ok: true, result: { message_id: 1 } }) };
}

/** Only known tags, closed in their order, and only known entities. */
function htmlFault(text: string): string | undefined {
  const open: string[] = [];
  for (const [tag, slash, name = ''] of text.matchAll(/<(\/?)([^>]*)>?/g)) {
    if (!tag.endsWith('>') || !/^(?:b|i|u|s|code|pre|a href="[^"<>]*"|a)$/.test(name))
      return `Unsupported start tag "${name}"`;
    if (slash === '') open.push(name.split(' ')[0] ?? '');
    else if (open.pop() !== name) return 'Unmatched end tag';
  }
  if (open.length > 0) return `Can't find end tag corresponding to start tag ${open[0]}`;
  return undefined;
}
