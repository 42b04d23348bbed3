/** Routes of Node-RED's admin API that the dialogs ask. */

import { explain, MonitoringError } from './errors.ts';
import type { Translate } from './status.ts';
import { visible } from './visible.ts';

/** What a route sees of a request: Express' own, with a body that Node-RED has parsed. */
export interface AdminRequest {
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body?: unknown;
  readonly params: { readonly [name: string]: string };
}

interface AdminResponse {
  readonly headersSent: boolean;
  set(headers: { readonly [name: string]: string }): unknown;
  status(code: number): unknown;
  json(body: unknown): unknown;
}

type Handler = (request: never, response: never, next: never) => unknown;

/** The parts of `RED` that a route needs. */
export interface AdminApi {
  readonly _: Translate;
  readonly auth: { needsPermission(permission: string): Handler };
  readonly httpAdmin: {
    get(path: string, ...handlers: Handler[]): unknown;
    post(path: string, ...handlers: Handler[]): unknown;
  };
}

export interface AdminRoute {
  /** A `post` takes a JSON body only, which no form of another site can send. */
  readonly method: 'get' | 'post';
  readonly path: string;
  /** `<type>.read` or `<type>.write`. */
  readonly permission: string;
  /** Gives what is answered as JSON. What it throws is answered as `{ fault }`, in words, with the status of its code, else 500. */
  answer(request: AdminRequest): unknown;
}

/** What a dialog sends is a few kilobytes. */
const MAX_BODY_BYTES = 65_536;
const MAX_QUOTE = 200;

const STATUS: { readonly [code: string]: number } = {
  FOREIGN_REQUEST: 403,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 415,
  ALERT_COMMAND: 400,
  ALERT_SILENCE: 400,
  ALERT_UNKNOWN_KEY: 404,
  ALERT_NOT_DEPLOYED: 404,
  ALERT_NOTHING_FIRES: 409,
  ALERT_NO_RECORDS: 409,
};

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Registers a route. It answers whatever comes, and nothing of it throws into Node-RED. */
export function adminRoute(RED: AdminApi, { method, path, permission, answer }: AdminRoute): void {
  RED.httpAdmin[method](
    path,
    RED.auth.needsPermission(permission),
    async (request: AdminRequest, response: AdminResponse) => {
      try {
        response.set(HEADERS);
        refuseForeign(request.headers);
        if (method === 'post') refuseBody(request.headers);
        response.json(await answer(request));
      } catch (error) {
        if (response.headersSent) return;
        response.status(error instanceof MonitoringError ? (STATUS[error.code] ?? 500) : 500);
        response.json({ fault: quoted(explain(error, RED._)) });
      }
    },
  );
}

/** The beginning of a text from outside, fit to be read: at most 200 characters, with control characters written out. */
export function quoted(text: string): string {
  const shown = visible(text.slice(0, MAX_QUOTE + 1));
  return text.length > MAX_QUOTE || shown.length > MAX_QUOTE ? `${shown.slice(0, MAX_QUOTE - 1)}…` : shown;
}

/** Throws `FOREIGN_REQUEST` for what a page of another site sends. Programs that are no browser send neither header. */
export function refuseForeign(headers: AdminRequest['headers']): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw new MonitoringError('FOREIGN_REQUEST');
    return;
  }
  // A browser that is older, or whose connection is not private, says where the page is from with each POST.
  const { origin, host, 'x-forwarded-host': forwarded } = headers;
  if (origin === undefined) return;
  const from = /^https?:\/\/(.+)$/.exec(String(origin))?.[1];
  if (from === undefined || (from !== host && from !== forwarded)) throw new MonitoringError('FOREIGN_REQUEST');
}

/** Throws for a body that a form of another site could have sent, and for one that is too large. */
export function refuseBody(headers: AdminRequest['headers']): void {
  const { 'content-type': type = '', 'content-encoding': encoding, 'content-length': length } = headers;
  if (!/^application\/json\s*(;|$)/i.test(String(type)) || encoding !== undefined)
    throw new MonitoringError('BODY_NOT_JSON');
  if (length === undefined || Number(length) > MAX_BODY_BYTES) throw new MonitoringError('BODY_TOO_LARGE');
}
