const DEADLINE_MS = 30_000;

/** The admin API of a Node-RED. */
export class Admin {
  #url;
  #headers = { 'content-type': 'application/json', accept: 'application/json', 'node-red-api-version': 'v2' };

  constructor(url) {
    this.#url = url.replace(/\/$/, '');
  }

  /** Logs in where a password is given. */
  async logIn(password) {
    if (password === undefined) return;
    const body = { client_id: 'node-red-admin', grant_type: 'password', scope: '*', username: 'admin', password };
    const { access_token: token } = await this.#ask('/auth/token', { method: 'POST', body: JSON.stringify(body) });
    this.#headers.authorization = `Bearer ${token}`;
  }

  /** The nodes and their revision. */
  flows() {
    return this.#ask('/flows');
  }

  nodeSets() {
    return this.#ask('/nodes');
  }

  /** `start` once all flows run. */
  async state() {
    const { state } = await this.#ask('/flows/state');
    return state;
  }

  /**
   * Deploys nodes in the place of the revision `rev`; only nodes that changed are started anew. Resolves to the new revision, or
   * to `conflict` where another one is there.
   */
  async deploy(flows, rev) {
    const answer = await this.#fetch('/flows', {
      method: 'POST',
      headers: { 'node-red-deployment-type': 'nodes' },
      body: JSON.stringify({ flows, rev }),
    });
    if (answer.status === 409) return 'conflict';
    return (await read(answer)).rev;
  }

  async #ask(path, init) {
    return read(await this.#fetch(path, init));
  }

  #fetch(path, { headers, ...init } = {}) {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    return fetch(`${this.#url}${path}`, { ...init, headers: { ...this.#headers, ...headers }, signal });
  }
}

async function read(answer) {
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  throw new Error(`${new URL(answer.url).pathname} answers ${answer.status}: ${text.slice(0, 200)}`);
}
