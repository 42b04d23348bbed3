import { type Message, partsOf, plainText } from '../text/message.ts';
import { defused, jsonRequest, type Service } from './service.ts';
import { judgeStatus } from './verdict.ts';

/** Servers before 5.0 take 4,000 characters, later ones 16,383 (`PostMessageMaxRunesV1` and `V2` in the server's model). */
const MOST_CHARACTERS = 3_900;
const PACE_MS = 250;

/** Markdown has a backslash for each (CommonMark, "Backslash escapes"); `@all` rings as a plain word. */
function escapeMattermost(text: string): string {
  return defused(text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&'));
}

function textOf(message: Message): string {
  if (message.isPlain) return escapeMattermost(plainText(message));
  return partsOf(message)
    .map(({ title, text }) => [`**${escapeMattermost(title)}**`, escapeMattermost(text)].filter(Boolean).join('\n'))
    .join('\n');
}

/** Mattermost's incoming webhooks: it takes Slack's JSON, but shows no blocks. */
export const mattermost: Service = {
  mostMessages: 5,
  paceMs: PACE_MS,
  most: () => 100,
  fits: (message) => textOf(message).length <= MOST_CHARACTERS,
  request: (message, { url }) => jsonRequest(url, { text: textOf(message) }),
  judge: (answer, nowMs) => judgeStatus(answer, nowMs, { stop: [403] }),
};
