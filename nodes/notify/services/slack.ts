import { plainText } from '../text/message.ts';
import { byteLength, jsonRequest, type Service, unmentioned } from './service.ts';
import { judgeStatus } from './verdict.ts';

/**
 * Slack makes several messages of what is longer than 4,000, and counts it with its entities ("Truncating really long messages").
 * Where it edits a message it counts bytes: so few fit in either way.
 */
const MOST_BYTES = 3_900;
const PACE_MS = 1_000;

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Exactly these three ("Formatting text for app surfaces"). Programs that take Slack's JSON read plain mentions, too. */
function escapeSlack(text: string): string {
  return unmentioned(text).replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/**
 * Slack's incoming webhooks, and what takes their JSON. All is in `text`: others show nothing else. `mrkdwn` is off, as there
 * is no way to escape `*`, `_`, `~` and the backtick.
 */
export const slack: Service = {
  mostMessages: 5,
  paceMs: PACE_MS,
  most: () => 100,
  fits: (message) => byteLength(escapeSlack(plainText(message))) <= MOST_BYTES,
  request: (message, { url }) =>
    jsonRequest(url, {
      text: escapeSlack(plainText(message)),
      ...(message.isPlain ? {} : { mrkdwn: false, unfurl_links: false, unfurl_media: false }),
    }),
  judge: (answer, nowMs) => judgeStatus(answer, nowMs, { stop: [403] }),
};
