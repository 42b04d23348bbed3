import { cut } from '../text/clean.ts';
import type { Tone } from '../text/entry.ts';
import { type Message, partsOf, plainText } from '../text/message.ts';
import { authorization, byteLength, jsonRequest, type Service, type Target } from './service.ts';
import { jsonOf, judgeStatus, reasonOf } from './verdict.ts';

/** Bytes ("Limitations"): a longer message becomes a file. */
const MOST_BYTES = 4_096;
/** In characters: a server takes 1 KB (since 2.28; the release's notes), whatever they are. */
const MOST_TITLE = 250;
/** Sixty at once, then one in five seconds. */
const PACE_MS = 1_000;
const DAY_MS = 86_400_000;
/** The messages of the day are used up: `errHTTPTooManyRequestsLimitMessages` in the server's list of errors. */
const DAY_IS_USED_UP = 42_908;

const PRIORITIES: { readonly [tone in Tone]: number } = { critical: 5, error: 4, warning: 3, notice: 2, resolved: 2 };

/** The title is the title of one alert, else that of the message. */
function textOf(message: Message): string {
  const [first, ...rest] = partsOf(message);
  const lines = rest.map(({ title, text }) => [title, text].filter(Boolean).join('\n'));
  return [first?.text ?? '', ...lines].filter(Boolean).join('\n') || message.title;
}

/** JSON is posted to the root: at the topic's own address it would be shown as it is. */
function place({ url, chat }: Target): { root: URL; topic: string } {
  const root = new URL(url);
  root.search = '';
  const parts = root.pathname.split('/').filter((part) => part !== '');
  const last = decodeURIComponent(parts.at(-1) ?? '');
  const topic = chat || last;
  if (last === topic) parts.pop();
  root.pathname = `/${parts.join('/')}`;
  return { root, topic };
}

export const ntfy: Service = {
  mostMessages: 5,
  paceMs: PACE_MS,
  most: () => 100,
  fits: (message) => byteLength(message.isPlain ? plainText(message) : textOf(message)) <= MOST_BYTES,
  request(message, target) {
    const { root, topic } = place(target);
    const priority = message.isQuiet ? PRIORITIES.resolved : PRIORITIES[message.tone];
    const body = message.isPlain
      ? { topic, message: plainText(message) }
      : { topic, title: cut(message.title, MOST_TITLE), message: textOf(message), priority };
    return jsonRequest(root, body, authorization(target));
  },
  judge(answer, nowMs) {
    const { code, id } = jsonOf(answer.body);
    if (answer.status === 429 && code === DAY_IS_USED_UP)
      return { kind: 'wait', waitMs: DAY_MS - (nowMs % DAY_MS), reason: reasonOf(answer) };
    // A page where the server should be answers 200, too.
    if (answer.status === 200 && typeof id !== 'string') return { kind: 'hourly', reason: 'HTTP 200, no ntfy' };
    return judgeStatus(answer, nowMs, { stop: [403] });
  },
};
