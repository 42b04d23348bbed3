import { configured } from '../../../lib/environment.ts';

/** The URL, or undefined where the text is no http or https URL. */
export function parseUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** The URL without user and password, as records and files may have it. */
export function withoutSecrets(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

/** What the dialog accepts: a URL, nothing, or a placeholder for a variable. */
export function isUrlSetting(value: unknown): boolean {
  const text = configured(value);
  return text === undefined || parseUrl(text) !== undefined;
}
