import { readFileSync } from 'node:fs';
import { explain } from '../../lib/errors.ts';
import type { Translate } from '../../lib/status.ts';

const WORDS = JSON.parse(readFileSync(new URL('../../lib/locales/en-US/errors.json', import.meta.url), 'utf8')) as {
  [code: string]: string;
};

const translate: Translate = (key, values = {}) =>
  (WORDS[key.replace(/^error\./, '')] ?? key).replace(/__(\w+?)__/g, (_, name: string) => String(values[name] ?? ''));

/** An error as a person reads it in English. */
export function explained(error: unknown): string {
  return explain(error, translate);
}
