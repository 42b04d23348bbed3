import type { Mount } from './mounts.ts';
import type { Usage } from './usage.ts';

/** What came of asking one mount. */
export type Measured =
  | { mount: Mount; usage: Usage }
  /** It did not answer within the deadline; `staleMs` since the question that is open was asked. */
  | { mount: Mount; staleMs: number }
  /** It cannot be read. */
  | { mount: Mount; error: unknown };
