import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StaticFile } from './static-files.ts';

const compress = promisify(gzip);
const WORTH_IT = 1_000;

/** What of Express' own response is used. */
export interface Response {
  readonly headersSent: boolean;
  readonly destroyed?: boolean;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
  status(code: number): { end(body?: string | Buffer): unknown };
  on(event: 'close', heard: () => void): unknown;
}

type Headers = { readonly [name: string]: string | string[] | undefined };

const DATA_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  vary: 'accept-encoding',
};
const CORS = [
  'access-control-allow-origin',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-credentials',
];

/** Answers JSON, which no page of another site may read and nothing may keep. Large ones are compressed, beside the event loop. */
export async function respond(headers: Headers, response: Response, code: number, json: string): Promise<void> {
  for (const name of CORS) response.removeHeader(name);
  for (const [name, value] of Object.entries(DATA_HEADERS)) response.setHeader(name, value);
  const isLarge = json.length > WORTH_IT && acceptsGzip(headers);
  const body = isLarge ? await compress(json, { level: 1 }) : json;
  if (response.destroyed === true || response.headersSent) return;
  if (isLarge) response.setHeader('content-encoding', 'gzip');
  response.status(code).end(body);
}

export function respondFile(headers: Headers, response: Response, file: StaticFile): void {
  const isPacked = file.gzip !== undefined && acceptsGzip(headers);
  for (const [name, value] of Object.entries(file.headers)) response.setHeader(name, value);
  if (isPacked) response.setHeader('content-encoding', 'gzip');
  response.status(200).end(isPacked ? file.gzip : file.bytes);
}

function acceptsGzip(headers: Headers): boolean {
  return /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
}
