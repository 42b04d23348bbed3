import type { NodeAPI } from 'node-red';
import { refuseBody, refuseForeign } from '../../lib/admin-route.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { parsePageCommand } from './answer/command.ts';
import { parseAsked, parseCursor, wholeNumber } from './answer/query.ts';
import type { Answers } from './io/answers.ts';
import { LongPoll } from './io/long-poll.ts';
import { type Response, respond, respondFile } from './io/respond.ts';
import type { StaticFile } from './io/static-files.ts';
import { type Anonymous, isStrangeHost, type Reader, type Who, whoIs } from './rights.ts';

export const PATH = '/infra-monitoring';
/** No form and no page of another site can send it. */
const OWN_HEADER = 'x-infra-monitoring';
const MOST_STEPS = 1_440;

interface Request extends Reader {
  readonly originalUrl: string;
  readonly params: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: unknown };
  readonly body?: unknown;
}

export interface RouteOptions {
  readonly answers: Answers;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly hasLogIn: boolean;
  readonly hasEditor: boolean;
  readonly anonymous: Anonymous;
  readonly ownNames: ReadonlySet<string>;
}

/** What is answered: a text of JSON, or a code and the words for a fault. */
type Answer = string | { readonly code: number; readonly fault: string };
type Answerer = (request: Request, who: Who, signal: AbortSignal) => Answer | Promise<Answer>;

/** The page, which carries no data, and the data, each route of which asks for the right to it. */
export function registerRoutes(RED: Pick<NodeAPI, 'httpAdmin' | 'auth' | 'nodes' | '_'>, options: RouteOptions): void {
  const { answers, hasLogIn, hasEditor, anonymous } = options;
  servePage(RED, options.files);
  const poll = new LongPoll(() => answers.cursor);

  const route = (method: 'get' | 'post', path: string, permission: string, answer: Answerer): void => {
    RED.httpAdmin[method](`${PATH}/data/${path}`, RED.auth.needsPermission(permission), (async (
      request: Request,
      response: Response,
    ) => {
      const { headers } = request;
      try {
        refuseForeign(headers);
        const who = whoIs(request, hasLogIn, anonymous);
        const found = await refusalOf(request, method, permission, who, options, () => {
          const leaving = new AbortController();
          response.on('close', () => leaving.abort());
          return answer(request, who, leaving.signal);
        });
        if (typeof found === 'string') await respond(headers, response, 200, found);
        else await respond(headers, response, found.code, JSON.stringify({ fault: found.fault }));
      } catch (error) {
        if (response.headersSent) return;
        const code = error instanceof MonitoringError ? 403 : 500;
        await respond(headers, response, code, JSON.stringify({ fault: explain(error, RED._) }));
      }
    }) as never);
  };

  route('get', 'whoami', '', (_, who) => JSON.stringify({ ...who, hasLogIn, hasEditor }));
  route('get', 'state', 'infra-monitoring.read', (_, { withNames }) => answers.state(withNames));
  route('get', 'poll', 'infra-monitoring.read', async ({ query }, { withNames }, signal) => {
    const cursor = parseCursor(query.cursor);
    if (!(await poll.hold(cursor, signal))) return { code: 503, fault: 'full' };
    return answers.since(cursor, withNames);
  });
  route('get', 'records', 'infra-monitoring.read', ({ query }, { withNames }, signal) =>
    answers.records(parseAsked(query), withNames, signal),
  );
  route('get', 'record', 'infra-monitoring.read', ({ query }, { withNames }) => {
    return answers.record(wholeNumber(query.number, 0), withNames) ?? { code: 404, fault: 'gone' };
  });
  route('get', 'series', 'infra-monitoring.read', ({ query }) => {
    const steps = Math.min(MOST_STEPS, Math.max(1, wholeNumber(query.steps, 60)));
    return answers.series(query.unit === 'hour' ? 'hour' : 'minute', steps);
  });
  route('get', 'alerts', 'infra-monitoring.read', (_, { withNames }) => answers.transitions(withNames));
  route('post', 'alert', 'infra-monitoring.write', ({ body }) => {
    const asked = parsePageCommand(body);
    if (asked === undefined) return { code: 400, fault: 'command' };
    const node = RED.nodes.getNode(asked.node);
    if (node?.type !== 'alert') return { code: 404, fault: 'gone' };
    node.receive({ alert_command: asked.command } as never);
    return '{}';
  });
}

/** What is refused before anything is answered. */
async function refusalOf(
  request: Request,
  method: 'get' | 'post',
  permission: string,
  who: Who,
  { hasLogIn, ownNames }: RouteOptions,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  if (!hasLogIn && isStrangeHost(request, ownNames)) return { code: 403, fault: 'host' };
  if (permission !== '' && !who.mayRead) return { code: 403, fault: 'anonymous' };
  if (method === 'post') {
    refuseBody(request.headers);
    if (request.headers[OWN_HEADER] === undefined) return { code: 403, fault: 'header' };
    if (!who.mayWrite) return { code: 403, fault: 'write' };
  }
  return await answer();
}

function servePage(RED: Pick<NodeAPI, 'httpAdmin'>, files: ReadonlyMap<string, StaticFile>): void {
  const serve = (name: string) =>
    ((request: Request, response: Response, next: () => void): void => {
      const file = files.get(name === '' ? String(request.params.file) : name);
      // What is no file of the page may be a route of a dialog.
      if (file === undefined) next();
      else respondFile(request.headers, response, file);
    }) as never;
  RED.httpAdmin.get(PATH, ((request: Request, response: Response, next: () => void): void => {
    const [path = ''] = request.originalUrl.split('?');
    if (path.endsWith('/')) {
      (serve('index.html') as (...handled: unknown[]) => void)(request, response, next);
      return;
    }
    // Relative: a proxy may have another path before it.
    response.setHeader('location', 'infra-monitoring/');
    response.status(302).end();
  }) as never);
  RED.httpAdmin.get(`${PATH}/:file`, serve(''));
}
