import { figureText } from '../../../lib/figure-text.ts';
import { severityOf, textOf } from '../alert.ts';
import { type Message, plainText } from '../text/message.ts';
import { idempotencyKey } from './json.ts';
import { authorization, byteLength, type PostRequest, type Service, type Target } from './service.ts';
import { judgeStatus } from './verdict.ts';

const MOST_BYTES = 256 * 1024;
const PLACEHOLDER = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;
const ABSENT = '–';

/** What stands for the whole message; every other name is a key of one alert's record. */
export const MESSAGE_NAMES = ['title', 'text', 'state', 'severity', 'count'] as const;

/** The names in a template, each once. */
export function placeholdersOf(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))];
}

/** Whether it is JSON: so the placeholders stand in its texts, and what fills them cannot break out. */
export function isTemplate(template: string): boolean {
  try {
    const value: unknown = JSON.parse(template);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** One request for each alert where the template names anything of one alert. */
function isPerAlert(template: string): boolean {
  return placeholdersOf(template).some((name) => !MESSAGE_NAMES.some((known) => known === name));
}

function filling(name: string, message: Message): string {
  const [first] = message.entries;
  const own: { readonly [name: string]: string } = {
    title: message.title,
    text: plainText(message),
    state: message.tone === 'resolved' ? 'resolved' : 'firing',
    severity: first === undefined ? '' : message.tone === 'resolved' ? severityOf(first.line.alert) : message.tone,
    count: String(message.entries.length),
  };
  if (Object.hasOwn(own, name)) return own[name] ?? '';
  const record = first?.line.alert.record ?? {};
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (value === undefined) return ABSENT;
  return typeof value === 'number' && !name.startsWith('alert_') ? figureText(name, value) : textOf(record, name);
}

/** In one pass: what fills a placeholder is never a template. */
function filled(value: unknown, message: Message): unknown {
  if (typeof value === 'string') return value.replace(PLACEHOLDER, (_, name: string) => filling(name, message));
  if (Array.isArray(value)) return value.map((part) => filled(part, message));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part, message)]));
}

function requestOf(message: Message, target: Target): PostRequest {
  const body = JSON.stringify(filled(JSON.parse(target.template), message));
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { url: target.url, headers: { ...headers, ...idempotencyKey(message), ...authorization(target) }, body };
}

export const template: Service = {
  mostMessages: Number.POSITIVE_INFINITY,
  paceMs: 0,
  most: (target) => (isPerAlert(target.template) ? 1 : 100),
  fits: (message, target) => byteLength(requestOf(message, target).body) <= MOST_BYTES,
  request: requestOf,
  judge: (answer, nowMs) => judgeStatus(answer, nowMs),
};
