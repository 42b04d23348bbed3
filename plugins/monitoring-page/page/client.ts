import type { Contact } from './answers.ts';
/** Why nothing was answered. `status` is that of HTTP; 0 where there was no answer. */
export class NoAnswer extends Error {
  readonly status: number;
  readonly fault: string;

  constructor(status: number, fault: string) {
    super(`${status} ${fault}`);
    this.status = status;
    this.fault = fault;
  }
}

const DEADLINE_MS = 28_000;

/** Asks the server half. Addresses are relative: nobody knows what paths stand before them. */
export class Client {
  readonly #base: string;
  readonly #tokenKey: string;

  /** `base` leads from the document to the page's folder; `root` is the editor's own path. */
  constructor(base: string, root: string) {
    this.#base = base;
    // As the editor itself names it.
    const suffix = root.replace(/\/$/, '').replaceAll('/', '-');
    this.#tokenKey = `auth-tokens${suffix}`;
  }

  /** Whether this browser keeps what somebody got who logged in. */
  get hasToken(): boolean {
    return this.#token() !== undefined;
  }

  /** Throws `NoAnswer`. */
  async get<T>(
    path: string,
    query: { readonly [name: string]: string | number | undefined } = {},
    signal?: AbortSignal,
  ): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.#ask<T>(`${path}${text === '' ? '' : `?${text}`}`, {}, signal);
  }

  async post(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json', 'x-infra-monitoring': '1' };
    await this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const token = this.#token();
    let response: Response;
    try {
      response = await fetch(`${this.#base}data/${path}`, {
        ...init,
        credentials: 'same-origin',
        cache: 'no-store',
        // Where no token is kept, a proxy may have put in what it takes.
        headers: { ...init.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      });
    } catch (error) {
      throw new NoAnswer(0, String(error));
    }
    const text = await response.text().catch(() => '');
    const value = parsed(text);
    if (!response.ok || value === undefined)
      throw new NoAnswer(
        response.ok ? 0 : response.status,
        String((value as { fault?: unknown } | undefined)?.fault ?? ''),
      );
    return value as T;
  }

  #token(): string | undefined {
    try {
      const kept = parsed(localStorage.getItem(this.#tokenKey) ?? '') as { access_token?: unknown } | undefined;
      return typeof kept?.access_token === 'string' ? kept.access_token : undefined;
    } catch {
      return undefined;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a failure says of the contact. Node-RED says 401 for a right that is missing, too. */
export function contactAfter({ status, fault }: NoAnswer): Contact {
  if (status === 401 || (status === 403 && fault === 'anonymous')) return 'login';
  if (status === 403) return 'refused';
  return status === 503 && fault === 'full' ? 'full' : 'lost';
}
