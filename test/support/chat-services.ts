/**
 * Strict imitations of the services that people are told by: each refuses what the real one refuses (limits, escapes, codes),
 * and notes what the real one would take and act on (a mention, a link, markup that is not ours) as a breach. After the
 * services' own documents: "Improving error conditions for Incoming Webhooks" (Slack's changelog of 2016-05-17; `no_text` is seen in
 * reports), `server/channels/web/webhook.go` (Mattermost), "Webhook resource" and "Embed limits" (Discord), "Create an Incoming
 * Webhook" and "Workflows" (Teams), "Bot API: sendMessage" (Telegram), "Publish as JSON", the server's `errors.go` and the notes
 * of release 2.28 (ntfy).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import type { ServiceKind } from '../../nodes/notify/services/index.ts';
import { serve } from './http-servers.ts';

export interface Posted {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | object;
}

/** What a service makes of a request: what people read, or why it refuses. */
interface Taken {
  readonly shown: string;
  readonly breaches: readonly string[];
  readonly answer: ServiceAnswer;
}
type Judged = Taken | { readonly answer: ServiceAnswer };

export interface ChatService {
  readonly kind: ServiceKind;
  /** What a person types as the address. */
  readonly address: string;
  readonly chat: string;
  readonly token: string;
  readonly template: string;
  /** The messages that it took, as people read them. */
  readonly shown: string[];
  readonly breaches: string[];
  /** Every request, in order. */
  readonly posts: Posted[];
  /** Answers this in its stead, until it is undefined again; `'gone'` hangs up. */
  instead: ((post: Posted) => ServiceAnswer | 'gone' | undefined) | undefined;
}

const GAP = /\u200b/g;
const json = (status: number, body: object): ServiceAnswer => ({ status, body });

function parsed(body: string): { [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

const isWellFormed = (text: string): boolean => text.isWellFormed();

/** What no message may hold, whatever the service. */
function steering(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const found = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/.exec(text);
  const faults = found === null ? [] : [`steers: ${JSON.stringify(found[0])}`];
  return isWellFormed(text) ? faults : [...faults, 'half a surrogate pair'];
}

function mentions(text: string): string[] {
  const found = /@(?:everyone|here|all|channel|\w)/i.exec(text);
  return found === null ? [] : [`mentions: ${found[0]}`];
}

function slack(post: Posted): Judged {
  const body = parsed(post.body);
  if (!/^application\/json/.test(post.headers['content-type'] ?? '') || body === undefined)
    return { answer: { status: 400, body: 'invalid_payload' } };
  const { text, blocks } = body;
  if (blocks !== undefined) return { answer: { status: 400, body: 'invalid_blocks' } };
  if (typeof text !== 'string' || text.trim() === '') return { answer: { status: 400, body: 'no_text' } };
  if (Buffer.byteLength(text) > 4_000) return { answer: { status: 400, body: 'msg_too_long' } };
  const breaches = [...steering(text), ...mentions(text)];
  if (/[<>]/.test(text)) breaches.push('a tag of Slack');
  if (/&(?!amp;|lt;|gt;)/.test(text)) breaches.push('an entity that Slack does not have');
  if (/&quot;|&#/.test(text)) breaches.push('an entity that people see');
  if (body.mrkdwn !== false && /[*_~`]/.test(text) && body.unfurl_links !== undefined) breaches.push('formats');
  if (/https?:\/\//.test(text) && body.unfurl_links !== false && body.mrkdwn !== undefined) breaches.push('a preview');
  const shown = text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
  return { shown, breaches, answer: { status: 200, body: 'ok' } };
}

/** Text without its backslashes, and what of it is markup. */
function unescaped(text: string, markup: RegExp): { shown: string; breaches: string[] } {
  const held: string[] = [];
  const bare = text.replace(/\\([!-/:-@[-`{-~])/g, (_, character: string) => `\ue000${held.push(character) - 1}\ue001`);
  const found = markup.exec(bare);
  const shown = bare.replace(/\ue000(\d+)\ue001/g, (_, index: string) => held[Number(index)] ?? '');
  return { shown, breaches: found === null ? [] : [`markup: ${found[0]} in ${JSON.stringify(bare.slice(0, 200))}`] };
}

function mattermost(post: Posted): Judged {
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

function discord(post: Posted): Judged {
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

function teams(post: Posted): Judged {
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

const TOKEN = '123456:AAE-secret_Token';
const CHAT = '-1001234567890';

function telegram(post: Posted): Judged {
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

function ntfy(post: Posted): Judged {
  const bad = (code: number, status: number, error: string): Judged => ({
    answer: json(status, { code, http: status, error }),
  });
  // At the topic's own address the JSON itself would be the message.
  if (post.path !== '/') return { shown: post.body, breaches: ['JSON as text'], answer: json(200, { id: 'x' }) };
  const body = parsed(post.body);
  if (body === undefined) return bad(40_017, 400, 'invalid request: request body must be message JSON');
  const { topic, message, title = '', priority = 3 } = body;
  if (typeof topic !== 'string' || !/^[-_A-Za-z0-9]{1,64}$/.test(topic))
    return bad(40_009, 400, 'invalid request: topic invalid');
  if (typeof message !== 'string' || message === '') return bad(40_000, 400, 'the message would be "triggered"');
  if (Buffer.byteLength(message) > 4_096) return bad(41_303, 413, 'JSON body too large');
  if (Buffer.byteLength(String(title)) > 1_024) return bad(40_057, 400, 'invalid request: title too long');
  if (!Number.isInteger(priority) || Number(priority) < 1 || Number(priority) > 5)
    return bad(40_007, 400, 'invalid priority');
  const shown = [title, message].filter((part) => part !== '').join('\n');
  return { shown, breaches: steering(shown), answer: json(200, { id: 'a1b2', event: 'message', topic }) };
}

function plainJson(post: Posted): Judged {
  const body = parsed(post.body);
  const isJson = post.headers['content-type'] === 'application/json; charset=utf-8';
  if (body === undefined || !isJson || !isWellFormed(JSON.stringify(body)))
    return { answer: { status: 400, body: 'no JSON' } };
  if (Buffer.byteLength(post.body) > 256 * 1024) return { answer: { status: 413, body: 'too large' } };
  const shown = [body.title, body.text].filter((part) => typeof part === 'string').join('\n');
  return { shown, breaches: steering(shown), answer: { status: 204 } };
}

const JUDGES: { readonly [kind in ServiceKind]: (post: Posted) => Judged } = {
  slack,
  mattermost,
  discord,
  teams,
  telegram,
  ntfy,
  json: plainJson,
  template: plainJson,
};

const PATHS: { readonly [kind in ServiceKind]: string } = {
  slack: '/services/T0000/B0000/sLaCkSeCrEtWxYz',
  mattermost: '/hooks/abcdefghijklmnopqrstuvwxyz',
  discord: '/api/webhooks/1234/dIsCoRdToKeN_wxyz',
  teams: '/workflows/abcd/triggers/manual/paths/invoke?api-version=1&sig=sIgNaTuRe_wxyz',
  telegram: '',
  ntfy: '/my-topic-wxyz',
  json: '/alerts/s3cret-wxyz',
  template: '/alerts/s3cret-wxyz',
};

export const TEMPLATE = '{"title": "{{title}}", "text": "{{ text }}", "inner": [{"state": "{{state}} {{severity}}"}]}';

/** Starts the imitation of a service on a free port, until the test ends. */
export async function startChatService(t: TestContext, kind: ServiceKind): Promise<ChatService> {
  const service: ChatService = {
    kind,
    address: '',
    chat: kind === 'telegram' ? CHAT : '',
    token: kind === 'telegram' ? TOKEN : '',
    template: kind === 'template' ? TEMPLATE : '',
    shown: [],
    breaches: [],
    posts: [],
    instead: undefined,
  };
  const answer = (post: Posted): ServiceAnswer | 'gone' => {
    service.posts.push(post);
    const other = service.instead?.(post);
    if (other !== undefined) return other;
    const judged = JUDGES[kind](post);
    if ('shown' in judged) {
      service.shown.push(judged.shown.replace(GAP, ''));
      service.breaches.push(...judged.breaches);
    }
    return judged.answer;
  };
  const origin = await serve(t, (request, response) => {
    void bodyOf(request).then((body) => {
      const { method, url = '', headers } = request;
      const given = method === 'POST' ? answer({ path: url, headers, body }) : { status: 405 };
      if (given === 'gone') request.socket.destroy();
      else reply(response, given);
    });
  });
  return Object.assign(service, { address: `${origin}${PATHS[kind]}` });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, { status, headers = {}, body = '' }: ServiceAnswer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, headers).end(text);
}
