import { type Judged, json, mentions, type Posted, parsed, steering } from './judge.ts';

export function teams(post: Posted): Judged {
  const body = parsed(post.body) as
    | { type?: string; attachments?: { contentType?: string; content?: unknown }[] }
    | undefined;
  const [attachment] = body?.attachments ?? [];
  if (body?.type !== 'message' || attachment?.contentType !== 'application/vnd.microsoft.card.adaptive')
    return { answer: json(400, { error: { code: 'InvalidRequestContent', message: 'no card' } }) };
  // It is written anew with every character outside of ASCII escaped, and grows by a fifth.
  const written = post.body.replace(/[^\x20-\x7e]/g, '\\u0000').length * 1.2;
  if (written > 28_672) return { answer: { status: 413, body: 'too large' } };
  const card = attachment.content as {
    type?: string;
    body?: { type: string; inlines?: { type: string; text: string }[] }[];
  };
  const blocks = card.body ?? [];
  const isKnown = blocks.every(
    ({ type, inlines = [] }) =>
      type === 'RichTextBlock' &&
      inlines.length > 0 &&
      inlines.every((run) => run.type === 'TextRun' && run.text !== ''),
  );
  if (card.type !== 'AdaptiveCard' || blocks.length === 0 || !isKnown)
    return { answer: json(400, { error: { code: 'InvalidCard', message: 'no card' } }) };
  const lines = blocks.map(({ inlines = [] }) => inlines.map(({ text }) => text).join(''));
  const shown = lines.join('\n');
  const breaches = [...steering(shown), ...mentions(shown)];
  if (/\{\{/.test(shown)) breaches.push('a function of a card');
  return { shown, breaches, answer: { status: 202 } };
}
