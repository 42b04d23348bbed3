import { createHash } from 'node:crypto';
import type { Target } from '../services/service.ts';

/** What stands for an address with its credentials in a file: nobody gets from it to them. */
export function placeOf(kind: string, { url, token, user, password, chat }: Target): string {
  const text = JSON.stringify([kind, url.href, token, user, password, chat]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
