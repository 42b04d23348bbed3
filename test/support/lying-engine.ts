import type { ServerResponse } from 'node:http';
import { frameOf, stampAt } from './docker-lines.ts';
import { type FakeAnswer, type FakeEngine, fakeContainer } from './fake-engine.ts';
import { gap } from './pace.ts';

const PART = Buffer.alloc(64 * 1024, 'x');

/** Sends `part` again and again, as fast as the other side reads, for as long as it does; then `rest`, where it has one. */
function flood(response: { write(part: Buffer): boolean } & NodeJS.EventEmitter, part: Buffer): void {
  let isOpen = true;
  response.once('close', () => {
    isOpen = false;
  });
  const more = (): void => {
    while (isOpen && response.write(part));
    if (isOpen) response.once('drain', more);
  };
  more();
}

/** An answer with this status that never ends. */
function endless(status: number, part: Buffer = PART, first = ''): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status);
    response.write(first);
    flood(response, part);
  };
}

/** An answer of `part`, `count` times. */
function long(count: number, part: Buffer, first = '', last = ''): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200);
    response.write(first);
    let sent = 0;
    const more = (): void => {
      while (sent++ < count) if (!response.write(part)) return void response.once('drain', more);
      response.end(last);
    };
    more();
  };
}

/** Bytes instead of an answer, again and again. */
function raw(first: string, part: string): (response: ServerResponse) => void {
  return ({ socket }) => {
    if (socket === null) return;
    socket.write(first);
    flood(socket, Buffer.from(part.repeat(Math.ceil(PART.length / part.length))));
  };
}

/** A byte now and then: never idle, never at an end. */
export async function trickle(response: ServerResponse): Promise<void> {
  response.writeHead(200);
  while (!response.destroyed) {
    response.write(' ');
    await gap(20);
  }
}

const isList = (path: string): boolean => path === '/containers/json';
const repeated = (text: string): Buffer<ArrayBuffer> => Buffer.from(text.repeat(Math.ceil(PART.length / text.length)));

/** Answers only what `is` says, with `answer`. */
function only(
  is: (path: string, query: URLSearchParams) => boolean,
  answer: (response: ServerResponse) => unknown,
): FakeAnswer {
  return ({ path, query }, response) => {
    if (!is(path, query)) return false;
    answer(response);
    return true;
  };
}

const at =
  (wanted: string) =>
  (path: string): boolean =>
    path === wanted;
const isLog = (path: string): boolean => path.endsWith('/logs');

/** A log whose stream ends at once, and whose end does not. */
const endlessTail: FakeAnswer = ({ path, query }, response) => {
  if (!isLog(path)) return false;
  if (query.has('tail')) endless(200, frameOf(1, `${stampAt(1)} ${'x'.repeat(16_000)}\n`))(response);
  else response.end();
  return true;
};

interface Lie {
  readonly answer: FakeAnswer;
  /** The code of the error that is to be said; empty where all of it can be read. */
  readonly code: string;
  readonly areStopped?: boolean;
}

/** What an engine that is none, or that breaks, may send. */
export const LIES: { readonly [name: string]: Lie } = {
  'status 500, endless body': { answer: only(at('/version'), endless(500)), code: 'ENGINE_STATUS' },
  'status 500 of a log, endless body': { answer: only(isLog, endless(500)), code: 'ENGINE_STATUS' },
  'endless /version': { answer: only(at('/version'), endless(200)), code: 'ANSWER_TOO_LARGE' },
  'endless /info': { answer: only(at('/info'), endless(200)), code: 'ANSWER_TOO_LARGE' },
  'endless list': { answer: only(isList, endless(200, PART, '["')), code: 'ANSWER_TOO_LARGE' },
  'endless inspection': {
    answer: only((path) => path === '/containers/a/json', endless(200, PART, '{"')),
    code: 'ANSWER_TOO_LARGE',
  },
  '5 MB of [': { answer: only(isList, long(80, repeated('['))), code: 'ANSWER_TOO_COMPLEX' },
  '5 MB of [ ]': { answer: only(isList, endless(200, repeated('[],'), '[')), code: 'ANSWER_TOO_COMPLEX' },
  '60 MB of text in a list': { answer: only(isList, long(950, repeated('\\u00e9ä'), '["', '"]')), code: '' },
  'endless end of a log': { answer: endlessTail, code: 'ANSWER_TOO_LARGE', areStopped: true },
  'endless event': { answer: only(at('/events'), endless(200)), code: 'EVENT_TOO_LARGE' },
  'an event of 1 MB of [': {
    answer: only(at('/events'), endless(200, Buffer.from(`${'['.repeat(1_000_000)}\n`))),
    code: 'EVENT_MALFORMED',
  },
  'endless headers': {
    answer: only(at('/version'), raw('HTTP/1.1 200 OK\r\n', 'X-A: aaaaaaaaaaaaaaaaaaaaaaaa\r\n')),
    code: 'HPE_HEADER_OVERFLOW',
  },
  'endless header': { answer: only(at('/version'), raw('HTTP/1.1 200 OK\r\nX-A: ', 'a')), code: 'HPE_HEADER_OVERFLOW' },
  'endless 100 Continue': {
    answer: only(at('/version'), raw('', 'HTTP/1.1 100 Continue\r\n\r\n')),
    code: 'NO_ANSWER_WITHIN',
  },
  'endless trailers': {
    answer: only(
      at('/version'),
      raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n', 'X-A: aaaaaaaa\r\n'),
    ),
    code: 'ECONNRESET',
  },
  'no headers': { answer: only(at('/version'), () => undefined), code: 'NO_ANSWER_WITHIN' },
  'a byte now and then': { answer: only(at('/version'), trickle), code: 'NO_ANSWER_WITHIN' },
  'a byte now and then in the list': { answer: only(isList, trickle), code: 'NO_ANSWER_WITHIN' },
  'endless headers of a log': {
    answer: only(isLog, raw('HTTP/1.0 200 OK\r\n', 'X-A: aaaaaaaaaa\r\n')),
    code: 'NOT_HTTP',
  },
  'frames of 16 MiB': {
    answer: only(isLog, endless(200, frameOf(1, `${stampAt(1)} ${'x'.repeat(16 * 1024 * 1024 - 100)}`))),
    code: '',
  },
  'a line without an end on a terminal': { answer: only(isLog, endless(200, PART, `${stampAt(1)} `)), code: '' },
};

/** Lets the engine have three containers and tell the lie. */
export function tellLie(engine: FakeEngine, name: string): void {
  const { answer, areStopped } = LIES[name] as Lie;
  const state = areStopped === true ? { Running: false, FinishedAt: '2026-11-23T19:00:00Z' } : {};
  engine.containers = ['a', 'b', 'c'].map((id) => fakeContainer(id, state));
  engine.answer = answer;
}
