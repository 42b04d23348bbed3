import type { Tone } from '../text/entry.ts';
import { type Message, plainText } from '../text/message.ts';
import { defused, escapedWithin, jsonRequest, type Service } from './service.ts';
import { judgeStatus } from './verdict.ts';

// "Webhook resource", "Embed limits". All embeds together have their own limit.
const MOST_CONTENT = 2_000;
const MOST_TITLE = 256;
const MOST_DESCRIPTION = 4_096;
const MOST_TOGETHER = 6_000;
const MOST_EMBEDS = 10;
const PACE_MS = 500;

const COLORS: { readonly [tone in Tone]: number } = {
  critical: 0xb71c1c,
  error: 0xd32f2f,
  warning: 0xf9a825,
  notice: 0x1976d2,
  resolved: 0x2e7d32,
};

interface Embed {
  readonly title?: string;
  readonly description?: string;
  readonly color: number;
}

function escapeDiscord(text: string): string {
  return defused(text.replace(/[\\`*_~|<>#[\]()\-:]/g, '\\$&'));
}

/** Each alert has an embed, in its own colour; what changed is the content, which is what a telephone shows. */
function bodyOf(message: Message): { content: string; embeds: Embed[] } {
  const { title, entries, more, isPlain } = message;
  if (isPlain) return { content: escapeDiscord(plainText(message)), embeds: [] };
  const embeds = entries
    .map((entry) => ({
      ...(entry.title === title ? {} : { title: escapedWithin(entry.title, MOST_TITLE, escapeDiscord) }),
      ...(entry.text === '' ? {} : { description: escapeDiscord(entry.text) }),
      color: COLORS[entry.tone],
    }))
    .filter((embed) => 'title' in embed || 'description' in embed);
  return { content: escapeDiscord([title, more].filter(Boolean).join('\n')), embeds };
}

const lengthOf = ({ title = '', description = '' }: Embed): number => title.length + description.length;

export const discord: Service = {
  mostMessages: 5,
  paceMs: PACE_MS,
  most: () => MOST_EMBEDS,
  fits(message) {
    const { content, embeds } = bodyOf(message);
    return (
      content.length <= MOST_CONTENT &&
      embeds.length <= MOST_EMBEDS &&
      embeds.every(({ description = '' }) => description.length <= MOST_DESCRIPTION) &&
      embeds.reduce((sum, embed) => sum + lengthOf(embed), 0) <= MOST_TOGETHER
    );
  },
  request(message, { url }) {
    const waiting = new URL(url);
    // Discord then says whether it took the message.
    waiting.searchParams.set('wait', 'true');
    const { content, embeds } = bodyOf(message);
    return jsonRequest(waiting, { content, ...(embeds.length > 0 ? { embeds } : {}), allowed_mentions: { parse: [] } });
  },
  judge: (answer, nowMs) => judgeStatus(answer, nowMs, { stop: [403] }),
};
