import { type Message, partsOf, plainText } from '../text/message.ts';
import { jsonRequest, type Service, type Target, unmentioned } from './service.ts';
import { jsonOf, judgeStatus, reasonOf } from './verdict.ts';

/** UTF-16 units after the markup was read ("sendMessage"). */
const MOST_CHARACTERS = 4_096;
/** Twenty a minute into one group, one a second into one chat ("Bots FAQ", broadcasting limits). */
const PACE_MS = 3_000;

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeTelegram(text: string): string {
  return unmentioned(text).replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

function htmlOf(message: Message): string {
  return partsOf(message)
    .map(({ title, text }) => [`<b>${escapeTelegram(title)}</b>`, escapeTelegram(text)].filter(Boolean).join('\n'))
    .join('\n');
}

/** The method's own address, whether the address is that, a bot's, or only the server's beside a token. */
function methodUrl({ url, token }: Target): URL {
  const method = new URL(url);
  const path = method.pathname.replace(/\/+$/, '');
  if (/\/bot[^/]+\/sendMessage$/i.test(path)) return method;
  const bot = /\/bot[^/]+$/.test(path) || token === '' ? path : `${path}/bot${token}`;
  method.pathname = `${bot}/sendMessage`;
  return method;
}

export const telegram: Service = {
  mostMessages: 5,
  paceMs: PACE_MS,
  most: () => 100,
  fits: (message) => unmentioned(plainText(message)).length <= MOST_CHARACTERS,
  request(message, target) {
    const url = methodUrl(target);
    const [id = '', topic] = (target.chat || (url.searchParams.get('chat_id') ?? '')).split('/');
    url.search = '';
    return jsonRequest(url, {
      chat_id: /^-?\d{1,15}$/.test(id) ? Number(id) : id,
      ...(topic !== undefined && /^\d+$/.test(topic) ? { message_thread_id: Number(topic) } : {}),
      ...(message.isPlain ? { text: unmentioned(plainText(message)) } : { text: htmlOf(message), parse_mode: 'HTML' }),
      link_preview_options: { is_disabled: true },
      disable_notification: message.isQuiet,
    });
  },
  judge(answer, nowMs) {
    const { ok, error_code: code, description, parameters } = jsonOf(answer.body);
    const { migrate_to_chat_id: chat } = (parameters ?? {}) as { migrate_to_chat_id?: unknown };
    if (typeof chat === 'number' || typeof chat === 'string')
      return { kind: 'moved', chat: String(chat), reason: reasonOf(answer) };
    if (answer.status === 200 && ok !== true) {
      if (typeof code === 'number') return judgeStatus({ ...answer, status: code }, nowMs, { stop: [403] });
      return { kind: 'hourly', reason: reasonOf(answer) };
    }
    const isOfChat =
      answer.status === 400 && /chat not found|chat_id|peer|bot was|thread not found/i.test(`${description}`);
    if (isOfChat) return { kind: 'stop', reason: reasonOf(answer) };
    return judgeStatus(answer, nowMs, { stop: [403] });
  },
};
