/** The cookies of one check (RFC 6265): a server may send away whoever does not bring back what it set. */

interface Cookie {
  name: string;
  value: string;
  host: string;
  path: string;
  isSecure: boolean;
}

/** As many, and as long, as curl keeps them. */
const MOST_COOKIES = 50;
const MOST_CHARACTERS = 4096;
const MOST_SENT = 8190;

/** What a request may have: no control characters. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Where a cookie without a path counts (RFC 6265, 5.1.4). */
function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')));
}

function isBelow(pathname: string, path: string): boolean {
  if (!pathname.startsWith(path)) return false;
  return pathname.length === path.length || path.endsWith('/') || pathname[path.length] === '/';
}

/** Whether a cookie with these attributes is to be forgotten: a server deletes one by ending it in the past. */
function hasEnded(attributes: ReadonlyMap<string, string>, nowMs: number): boolean {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  return Date.parse(attributes.get('expires') ?? '') <= nowMs;
}

/**
 * Keeps the cookies of one check over its redirects, and gives each only to the very host that set it: whatever domain a
 * cookie names, what one server says is nobody else's.
 */
export class CookieJar {
  #cookies: Cookie[] = [];

  /** Takes the `Set-Cookie` fields of an answer from `url`. `nowMs` is in ms since the epoch. */
  store(url: URL, fields: readonly string[], nowMs: number): void {
    for (const field of fields) this.#storeOne(url, field, nowMs);
    this.#cookies = this.#cookies.slice(-MOST_COOKIES);
  }

  #storeOne(url: URL, field: string, nowMs: number): void {
    const [pair = '', ...rest] = field.slice(0, 2 * MOST_CHARACTERS).split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals)).trim();
    const value = pair.slice(equals + 1).trim();
    if (name === '' || name.length + value.length > MOST_CHARACTERS || !SENDABLE.test(pair)) return;
    const attributes = new Map(
      rest.map((attribute) => {
        const [key = '', ...words] = attribute.split('=');
        return [key.trim().toLowerCase(), words.join('=').trim()] as const;
      }),
    );
    const domain = (attributes.get('domain') ?? '').toLowerCase().replace(/^\./, '');
    if (domain !== '' && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) return;
    const isSecure = attributes.has('secure');
    if (isSecure && url.protocol !== 'https:') return;
    const named = attributes.get('path') ?? '';
    const path = named.startsWith('/') ? named : defaultPath(url);
    const host = url.hostname;
    this.#cookies = this.#cookies.filter((own) => own.name !== name || own.host !== host || own.path !== path);
    if (!hasEnded(attributes, nowMs)) this.#cookies.push({ name, value, host, path, isSecure });
  }

  /**
   * The value of the `Cookie` field for `url`; undefined where there is none. `own` is what the request has by itself: a
   * cookie that the server has set anew replaces it.
   */
  cookiesFor(url: URL, own: string | undefined): string | undefined {
    const fitting = this.#cookies
      .filter((cookie) => cookie.host === url.hostname && isBelow(url.pathname, cookie.path))
      .filter((cookie) => !cookie.isSecure || url.protocol === 'https:')
      .sort((a, b) => b.path.length - a.path.length);
    if (fitting.length === 0) return own;
    const names = new Set(fitting.map(({ name }) => name));
    const kept = (own ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '' && !names.has(pair.split('=')[0]?.trim() ?? ''));
    let text = kept.join('; ');
    for (const { name, value } of fitting) {
      const longer = text === '' ? `${name}=${value}` : `${text}; ${name}=${value}`;
      if (longer.length <= MOST_SENT) text = longer;
    }
    return text;
  }
}
