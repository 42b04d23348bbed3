import { configured } from '../../../lib/environment.ts';
import { isSecretName } from './secret-name.ts';

/** A placeholder for a variable within a text: Node-RED replaces it only where it is the whole value. */
const PLACEHOLDER = /\$\{[^}]*\}/;

/** The URL, or undefined where the text is no http or https URL, or has a `${VAR}` that nobody will replace. */
export function parseUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || hasPlaceholder(text) || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** Whether there is a `${VAR}` within the text. */
export function hasPlaceholder(text: unknown): boolean {
  return PLACEHOLDER.test(String(text));
}

/** The URL without user and password: what is asked for, and what tells endpoints apart. It may hold other secrets. */
export function withoutUser(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

const MASK = '…';
/** As long as a URL may be in a record; a redirect may lead to one of 16 kB. */
const MOST_SHOWN = 2_000;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

/** Whether a value itself holds a secret: it may be a URL with a query or a user of its own. */
function holdsSecret(value: string): boolean {
  const text = decoded(decoded(value));
  if (/\/\/[^/\s]*@/.test(text)) return true;
  return text.split(/[?&;#]/).some((part) => part.includes('=') && isSecretName(part.slice(0, part.indexOf('='))));
}

function maskPair(pair: string): string {
  const at = pair.indexOf('=');
  const [key, value] = at === -1 ? ['', pair] : [pair.slice(0, at), pair.slice(at + 1)];
  if (value === '' || !(isSecretName(decoded(decoded(key))) || holdsSecret(value))) return pair;
  return at === -1 ? MASK : `${key}=${MASK}`;
}

/** Masks the values of pairs like `token=abc`; `&` and `;` stand between them. The end of a long text is not shown. */
function maskPairs(text: string): string {
  const pieces = text.slice(0, 2 * MOST_SHOWN).split(/([&;])/);
  return pieces.map((piece) => (piece === '&' || piece === ';' ? piece : maskPair(piece))).join('');
}

/** The URL as records, logs and files may have it: without user and password, and with secrets of its query masked. */
export function shownUrl(url: URL): string {
  const path = url.pathname.slice(0, 2 * MOST_SHOWN).replace(/;[^/]*/g, maskPairs);
  const search = url.search === '' ? '' : `?${maskPairs(url.search.slice(1))}`;
  const hash = url.hash === '' ? '' : `#${maskPairs(url.hash.slice(1))}`;
  const shown = `${url.protocol}//${url.host}${path}${search}${hash}`;
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}${MASK}` : shown;
}

/** What the dialog accepts: a URL, nothing, or a placeholder for a variable. */
export function isUrlSetting(value: unknown): boolean {
  const text = configured(value);
  return text === undefined || parseUrl(text) !== undefined;
}
