import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { listening } from './listening.ts';
import { packageRoot } from './node-red.ts';

const FOLDER = join(packageRoot, 'test/fixtures/graylog');
/** As the recorder leaves out what changes each time. */
const CHANGING = /"creation_date":"[^"]*"/g;

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** A digest of the request's body, and the name of the answer; absent where there is none. */
  readonly request?: string;
  readonly answer?: string;
}

/** What the installer and a real Graylog said to each other in one case. */
export interface Recording {
  /** The hash of the sources that it was made with. */
  readonly sources: string;
  readonly code: number;
  readonly output: string;
  readonly exchanges: readonly Exchange[];
}

const parsed = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

export function isRecorded(version: string, name: string): boolean {
  return existsSync(join(FOLDER, version, 'install', `${name}.json`));
}

export function recordingOf(version: string, name: string): Recording {
  return parsed<Recording>(join(FOLDER, version, 'install', `${name}.json`));
}

/**
 * Answers as the Graylog of a recording did: each request once, and a request that was not recorded with 599. `unasked()` is
 * what was recorded and nobody asked.
 */
export async function playGraylog(t: TestContext, version: string, { exchanges }: Recording) {
  const answers = parsed<{ [name: string]: string }>(join(FOLDER, version, 'install', 'answers.json'));
  const waiting = [...exchanges];
  const unknown: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const piece of incoming.setEncoding('utf8')) body += piece;
    const path = (incoming.url ?? '').replace(/^\/api/, '');
    const request = body === '' ? undefined : digest(body.replace(CHANGING, '"creation_date":""'));
    const index = waiting.findIndex(
      (one) => one.method === incoming.method && one.path === path && one.request === request,
    );
    const [found] = index < 0 ? [] : waiting.splice(index, 1);
    if (found === undefined) unknown.push(`${incoming.method} ${path} ${body.slice(0, 500)}`);
    outgoing.writeHead(found?.status ?? 599, { 'content-type': 'application/json' });
    outgoing.end(found?.answer === undefined ? '' : answers[found.answer]);
  });
  return {
    address: await listening(t, server),
    unknown,
    unasked: (): string[] => waiting.map(({ method, path }) => `${method} ${path}`),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
