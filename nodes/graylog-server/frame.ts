import { SEPARATOR } from './store-key.ts';

/** The messages as Graylog's TCP input wants them: each followed by a NUL byte. */
export function frameOf(texts: readonly string[]): Buffer {
  return Buffer.from(`${texts.join(SEPARATOR)}${SEPARATOR}`);
}
