import { type Message, plainText } from '../text/message.ts';
import { authorization, byteLength, jsonRequest, type PostRequest, type Service, type Target } from './service.ts';
import { judgeStatus } from './verdict.ts';

const MOST_BYTES = 256 * 1024;

/** The same message has the same key: who has it can drop it. */
export function idempotencyKey({ entries }: Message): { readonly [name: string]: string } {
  const ids = entries.map(({ line }) => String(line.alert.record.event_id ?? line.alert.id));
  const key = ids.join(',').replace(/[^\x21-\x7e]/g, '_');
  return { 'idempotency-key': key.slice(0, 1_000) };
}

function requestOf(message: Message, target: Target): PostRequest {
  const alerts = message.entries.map(({ line }) => ({ ...line.alert.record, told_as: line.said }));
  const body = { title: message.title, text: plainText(message), alerts };
  return jsonRequest(target.url, body, { ...idempotencyKey(message), ...authorization(target) });
}

/** Any program that takes JSON: each alert with its whole record, and the text besides. */
export const json: Service = {
  mostMessages: Number.POSITIVE_INFINITY,
  paceMs: 0,
  most: () => 500,
  fits: (message, target) => byteLength(requestOf(message, target).body) <= MOST_BYTES,
  request: requestOf,
  judge: (answer, nowMs) => judgeStatus(answer, nowMs),
};
