import type { DockerClient } from '../../../lib/docker/client.ts';
import type { ContainerIdentity } from '../../../lib/docker/identity.ts';
import type { LimitedQueue } from '../../../lib/limited-queue.ts';
import type { LogMessage } from '../line/log-record.ts';
import type { LineOptions } from '../line/messages.ts';
import type { LogProgress } from '../progress.ts';
import type { TailLimits } from './log-tail.ts';

/**
 * What people should know about one container: its log cannot be read, it was gone before that, the engine says something
 * about the log, the log broke off and is read again, the pattern of a first line is too slow for its lines.
 */
export type NoticeKind = 'unreadable' | 'missed' | 'engine' | 'broken' | 'slowPattern';

export interface ContainerOptions extends LineOptions {
  readonly client: DockerClient;
  readonly host: string;
  /** Nothing before is read; nanoseconds since the epoch. */
  readonly first: string;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  /** How long a log's stream may be silent before it is doubted, in milliseconds; half a minute where it is left open. */
  readonly quietMs?: number;
  /** Hands messages on; may take many turns of the event loop. */
  handOn(messages: readonly LogMessage[]): Promise<void>;
  /** `cause` is an error; for `engine` it is the text that the engine wrote. */
  notice(kind: NoticeKind, container: ContainerIdentity, cause: unknown): void;
}

export interface ContainerFollowerOptions extends ContainerOptions {
  readonly container: ContainerIdentity;
  readonly progress: LogProgress;
  readonly isPaused: boolean;
  /** What is asked of the engine about a container's log waits here: a thousand containers can start at once. */
  readonly questions: LimitedQueue;
  readonly tails: TailLimits;
  /** Whether the engine is one that leaves lines of packed logs out without a sign. */
  readonly losesItsPlace: boolean;
  /** The container has stopped, and its log is read to its end; or there is nothing to read. */
  ended(): void;
}
