import { TAIL_MESSAGES } from '../log-end.ts';
import { type LastMessage, lastMessage } from '../silence.ts';
import type { ContainerLog } from './container-log.ts';

/** The last lines of a log behind its last damaged place. */
export interface IntactEnd {
  readonly bytes: Buffer;
  /** For how many messages it was asked. */
  readonly messages: number;
}

/**
 * The longest end of a log that its engine can read: asked for more lines, it begins before a damaged place (zeros that a
 * power cut left) and ends there. `last` is the last message of the log. Undefined where there is none. Rejects as the client.
 */
export async function readIntactEnd(log: ContainerLog, last: LastMessage): Promise<IntactEnd | undefined> {
  let end: IntactEnd | undefined;
  let most = TAIL_MESSAGES + 1;
  for (let messages = TAIL_MESSAGES; ; ) {
    const bytes = await log.readTail(messages);
    const isIntact = (lastMessage(bytes)?.stamp ?? '') >= last.stamp;
    if (isIntact) end = { bytes, messages };
    else most = messages;
    const least = end?.messages ?? 0;
    if (most - least <= 1) return end;
    messages = Math.floor((least + most) / 2);
  }
}
