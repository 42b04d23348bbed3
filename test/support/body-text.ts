import { decodeBody } from '../../nodes/http-check/answer/body-text.ts';

/** A body as text, decoded at once. */
export function textOf(body: Uint8Array, contentType: string | undefined): string | undefined {
  const decoding = decodeBody(body, contentType);
  for (;;) {
    const { done, value } = decoding.next();
    if (done === true) return value;
  }
}
