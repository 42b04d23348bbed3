import type { Message } from '../text/message.ts';

/** Where messages go. All but the host and the last four characters is secret. */
export interface Target {
  readonly url: URL;
  readonly token: string;
  readonly user: string;
  readonly password: string;
  /** Telegram: the chat, with its topic after a slash where it has one. ntfy: the topic. */
  readonly chat: string;
  /** JSON with `{{placeholders}}` in its texts. */
  readonly template: string;
}

export interface PostRequest {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: string;
}

/** What an answer means. `reason` is what the service says, for people. */
export type Verdict =
  /** The next message has to wait for `pauseMs`. `isOnlyAccepted`: nobody knows whether it arrives. */
  | { readonly kind: 'success'; readonly pauseMs?: number; readonly isOnlyAccepted?: boolean; readonly reason: string }
  /** Without `waitMs` the sender's back-off counts. */
  | { readonly kind: 'wait'; readonly waitMs?: number; readonly reason: string }
  /** There is something wrong with this message. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There is something wrong with the address or the credential. */
  | { readonly kind: 'stop'; readonly reason: string }
  /** As `stop`, but it may pass. */
  | { readonly kind: 'hourly'; readonly reason: string }
  /** The chat has another id now. */
  | { readonly kind: 'moved'; readonly chat: string; readonly reason: string };

export interface Service {
  /** So many messages at most for what comes at once; what has no room is counted in the last. */
  readonly mostMessages: number;
  /** Between two messages, in ms. */
  readonly paceMs: number;
  /** So many alerts at most in one message. */
  most(target: Target): number;
  /** Whether the service takes a message of this size. */
  fits(message: Message, target: Target): boolean;
  request(message: Message, target: Target): PostRequest;
  judge(answer: Answer, nowMs: number): Verdict;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function jsonRequest(url: URL, body: object, headers: { readonly [name: string]: string } = {}): PostRequest {
  return { url, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** The header for token, or user and password; none where there is neither. */
export function authorization({ token, user, password }: Target): { readonly [name: string]: string } {
  if (token !== '') return { authorization: `Bearer ${token}` };
  if (user === '' && password === '') return {};
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** The beginning of a text that has at most `most` UTF-16 units once it is escaped: cut first, then escaped. */
export function escapedWithin(text: string, most: number, escaped: (text: string) => string): string {
  const whole = escaped(text);
  if (whole.length <= most) return whole;
  const points = [...text];
  let [low, high] = [0, points.length];
  const cutAt = (count: number): string => `${escaped(points.slice(0, count).join(''))}…`;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (cutAt(middle).length <= most) low = middle;
    else high = middle - 1;
  }
  return cutAt(low);
}

/** A space without width: what stands before it and after it is no word, no mention and no link. */
export const GAP = '\u200b';

/** Mentions nobody: `@all` is no word any more. */
export function unmentioned(text: string): string {
  return text.replaceAll('@', `@${GAP}`);
}

/** As `unmentioned`, and no program makes a link or a preview of an address: for services that cannot be told not to. */
export function defused(text: string): string {
  return unmentioned(text).replaceAll('://', `:${GAP}//`);
}
