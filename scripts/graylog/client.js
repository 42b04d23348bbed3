// Asks Graylog's REST API. Nothing but Node's own `fetch`.
import { addressFault, refusalWords } from './faults.js';

const DEADLINE_MS = 60_000;
const OLDEST = [6, 1];
const NEWEST = [7, 1];
/** From here on what is made can be shared at once: its body stands under `entity`. */
const WRAPS_FROM = 7;
const WRAPPED = [
  ['POST', /^\/streams$/],
  ['POST', /^\/views$/],
  ['PUT', /^\/views\/[^/]+$/],
  ['POST', /^\/events\/definitions(\?|$)/],
  ['POST', /^\/events\/notifications$/],
  ['POST', /^\/system\/content_packs\/[^/]+\/[^/]+\/installations$/],
];

/**
 * A Graylog at an address, with or without `/api` at its end. `env` has `GRAYLOG_TOKEN`, or `GRAYLOG_USER` and
 * `GRAYLOG_PASSWORD`. Paths are below `/api`; JSON in and out. What Graylog refuses is an Error with `status`, `body`, `method`
 * and `path`; what cannot be reached is one that says why. Throws where the address or the credentials are none.
 */
export class Graylog {
  #base;
  #authorization;
  #major = OLDEST[0];

  constructor(address, env) {
    this.#base = baseOf(address);
    this.#authorization = authorizationOf(env);
  }

  /** The address of the web interface. */
  get address() {
    return this.#base.replace(/\/api$/, '');
  }

  /**
   * Resolves to the version, and whether it is newer than those that this was tried with. Rejects where it is no Graylog, or
   * too old. To be called first: what is asked later depends on the version.
   */
  async enter() {
    return await this.#readVersion();
  }

  async #readVersion() {
    const answer = await this.#send('GET', '/', undefined, {});
    const told = parsed(await answer.text());
    if (typeof told?.version !== 'string' || typeof told.cluster_id !== 'string')
      throw new Error(`${this.#base}/ is no Graylog: it answers ${answer.status} without a version`);
    const [major, minor] = told.version.split('.').map(Number);
    if (isBefore([major, minor], OLDEST))
      throw new Error(`This is Graylog ${told.version}: ${OLDEST.join('.')} is the oldest that this works with`);
    this.#major = major;
    return { version: told.version, isNewer: isBefore(NEWEST, [major, minor]) };
  }

  get(path) {
    return this.#ask('GET', path);
  }

  post(path, body = {}) {
    return this.#ask('POST', path, body);
  }

  put(path, body) {
    return this.#ask('PUT', path, body);
  }

  delete(path) {
    return this.#ask('DELETE', path);
  }

  async #ask(method, path, body) {
    const wraps = this.#major >= WRAPS_FROM && WRAPPED.some(([verb, form]) => verb === method && form.test(path));
    const answer = await this.#send(method, path, wraps ? { entity: body } : body, {
      authorization: this.#authorization,
    });
    const text = await answer.text();
    if (answer.ok) return parsed(text);
    throw Object.assign(new Error(refusalWords(method, path, answer.status, parsed(text) ?? text)), {
      status: answer.status,
      body: parsed(text) ?? text,
      method,
      path,
    });
  }

  async #send(method, path, body, headers) {
    let answer;
    try {
      answer = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          // Graylog refuses what has not got it: a page of another site cannot send it.
          'x-requested-by': 'infra-monitoring',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (error) {
      throw new Error(addressFault(error, this.#base), { cause: error });
    }
    if (answer.status >= 300 && answer.status < 400)
      throw new Error(`${this.#base} leads to ${answer.headers.get('location')}: give that address`);
    return answer;
  }
}

function baseOf(address) {
  const text = /^https?:\/\//i.test(address) ? address : `http://${address}`;
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Error(`${address} is no address: http://graylog.example:9000 is meant`);
  }
  if (url.username !== '' || url.password !== '')
    throw new Error('The address has a user or a password in it: they go into GRAYLOG_USER and GRAYLOG_PASSWORD');
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/api$/, '')}/api`;
}

function authorizationOf({ GRAYLOG_TOKEN, GRAYLOG_USER, GRAYLOG_PASSWORD }) {
  const [user, password] = GRAYLOG_TOKEN ? [GRAYLOG_TOKEN.trim(), 'token'] : [GRAYLOG_USER, GRAYLOG_PASSWORD];
  if (!user || !password)
    throw new Error('Who are you? Set GRAYLOG_TOKEN, or GRAYLOG_USER and GRAYLOG_PASSWORD, in the environment');
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function isBefore([major, minor], [otherMajor, otherMinor]) {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
