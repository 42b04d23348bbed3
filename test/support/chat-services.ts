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
import { discord } from './chat/discord.ts';
import type { Judged, Posted, ServiceAnswer } from './chat/judge.ts';
import { mattermost } from './chat/mattermost.ts';
import { ntfy } from './chat/ntfy.ts';
import { plainJson } from './chat/plain-json.ts';
import { slack } from './chat/slack.ts';
import { teams } from './chat/teams.ts';
import { CHAT, TOKEN, telegram } from './chat/telegram.ts';
import { serve } from './http-servers.ts';

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

const TEMPLATE = '{"title": "{{title}}", "text": "{{ text }}", "inner": [{"state": "{{state}} {{severity}}"}]}';

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
