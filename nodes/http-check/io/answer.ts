import type { Head } from '../answer/fields.ts';

/** An answer whose head is there and whose body comes. */
export interface Answer extends Head {
  /** The body as it comes, in its encodings. Rejects where it breaks off. */
  body: AsyncGenerator<Uint8Array, undefined, undefined>;
  /** In the order in which they were applied. */
  encodings: readonly string[];
  /** The head says how long the body is, so it has an end. */
  hasLength: boolean;
}
