import { type Judged, json, mentions, type Posted, parsed, steering, unescaped } from './judge.ts';

export function discord(post: Posted): Judged {
  const invalid = (field: string): Judged => ({
    answer: json(400, { message: 'Invalid Form Body', code: 50035, errors: { [field]: {} } }),
  });
  const body = parsed(post.body);
  if (body === undefined) return { answer: json(400, { message: '400: Bad Request', code: 0 }) };
  const {
    content = '',
    embeds = [],
    allowed_mentions: allowed,
  } = body as {
    content?: string;
    embeds?: { title?: string; description?: string; color?: number }[];
    allowed_mentions?: { parse?: unknown[] };
  };
  if (content.trim() === '' && embeds.length === 0)
    return { answer: json(400, { message: 'Cannot send an empty message', code: 50006 }) };
  if (content.length > 2_000) return invalid('content');
  if (embeds.length > 10) return invalid('embeds');
  let together = 0;
  for (const { title = '', description = '' } of embeds) {
    if (title.length > 256 || description.length > 4_096 || title + description === '') return invalid('embeds');
    together += title.length + description.length;
  }
  if (together > 6_000) return invalid('embeds');
  const text = [content, ...embeds.flatMap(({ title = '', description = '' }) => [title, description])]
    .filter((part) => part !== '')
    .join('\n');
  const { shown, breaches } = unescaped(text, /[*_`~|<>#[\]()]|https?:\/\//);
  const all = [...breaches, ...steering(text)];
  if (JSON.stringify(allowed?.parse) !== '[]') all.push(...mentions(text), 'mentions are on');
  const isAwaited = new URL(post.path, 'http://x').searchParams.get('wait') === 'true';
  return { shown, breaches: all, answer: isAwaited ? json(200, { id: '1' }) : { status: 204 } };
}
