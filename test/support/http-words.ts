import { readFileSync } from 'node:fs';
import type { Translate } from '../../lib/status.ts';
import type { Mismatch } from '../../nodes/http-check/answer/result.ts';

function catalogue(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

const WORDS = {
  ...(catalogue('../../nodes/http-check/locales/en-US/http-check.json') as object),
  error: catalogue('../../lib/locales/en-US/errors.json'),
};

/** `RED._` as http-check has it, in English. A key that is not in the catalogue throws. */
export const httpWords: Translate = (key, values = {}) => {
  const words = key.split('.').reduce<unknown>((part, name) => Reflect.get(part as object, name), WORDS);
  if (typeof words !== 'string') throw new Error(`there are no words for ${key}`);
  return words.replace(/__(\w+?)__/g, (_, name: string) => String(values[name] ?? `__${name}__`));
};

/** Why a body is wrong, as a person reads it; undefined where it is not. */
export async function mismatchWords(mismatch: Promise<Mismatch | undefined>): Promise<string | undefined> {
  const found = await mismatch;
  return found && httpWords(`http-check.mismatch.${found.key}`, found.args);
}
