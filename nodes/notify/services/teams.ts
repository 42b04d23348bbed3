import type { Tone } from '../text/entry.ts';
import { type Message, partsOf } from '../text/message.ts';
import { GAP, jsonRequest, type PostRequest, type Service, type Target, unmentioned } from './service.ts';
import { judgeStatus, reasonOf } from './verdict.ts';

/**
 * Teams takes 28 KB ("Create an Incoming Webhook") after it has written the card anew, which made a fifth more of one. Programs that
 * tried it were refused from 21 KB on.
 */
const MOST_BYTES = 16_000;
const PACE_MS = 300;

const COLORS: { readonly [tone in Tone]: string } = {
  critical: 'Attention',
  error: 'Attention',
  warning: 'Warning',
  notice: 'Accent',
  resolved: 'Good',
};

/** A text run reads no Markdown; whether it reads `{{DATE()}}` nobody has to find out. */
function escapeTeams(text: string): string {
  return unmentioned(text).replace(/\{(?=\{)/g, `{${GAP}`);
}

const lineOf = (text: string, style: object = {}): object => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text: escapeTeams(text), ...style }],
});

function requestOf(message: Message, { url }: Target): PostRequest {
  const lines = partsOf(message).flatMap(({ title, text }, index) => [
    lineOf(title, {
      weight: 'Bolder',
      ...(index === 0 && !message.isPlain ? { size: 'Medium', color: COLORS[message.tone] } : {}),
    }),
    ...text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => lineOf(line)),
  ]);
  const content = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.2',
    msteams: { width: 'Full' },
    body: lines,
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return jsonRequest(url, { type: 'message', attachments: [{ contentType, contentUrl: null, content }] });
}

/** Every character outside of ASCII may become `\uXXXX`. */
function writtenLength(json: string): number {
  let length = json.length;
  for (let index = 0; index < json.length; index += 1) if (json.charCodeAt(index) > 126) length += 5;
  return length;
}

/** Teams' workflows, and the connectors that they replace. */
export const teams: Service = {
  mostMessages: 5,
  paceMs: PACE_MS,
  most: () => 50,
  fits: (message, target) => writtenLength(requestOf(message, target).body) <= MOST_BYTES,
  request: requestOf,
  judge(answer, nowMs) {
    // A connector says 200, and in the body what Teams itself answered.
    const inside =
      answer.status === 200 ? /HTTP (?:error|status)?\s*(?:code )?(\d{3})/i.exec(answer.body)?.[1] : undefined;
    if (inside !== undefined) {
      const verdict = judgeStatus({ ...answer, status: Number(inside) }, nowMs, { stop: [403] });
      if (verdict.kind !== 'success') return verdict;
    }
    const isFault = answer.status === 200 && /fail|error/i.test(answer.body);
    if (isFault) return { kind: 'refused', reason: reasonOf(answer) };
    return judgeStatus(answer, nowMs, { stop: [403] });
  },
};
