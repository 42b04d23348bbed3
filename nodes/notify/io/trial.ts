import { withoutSecrets } from '../address.ts';
import type { Verdict } from '../services/service.ts';
import { cleanLine } from '../text/clean.ts';
import type { Message } from '../text/message.ts';
import type { Destination } from './sending.ts';

/** Sends one message, in its turn. What the answer means has no secret in it; rejects with the error of the connection. */
export function sendTrial({ service, target, lane, post }: Destination, message: Message): Promise<Verdict> {
  return lane.queue.run(async () => {
    const answer = await post(service.request(message, target), new AbortController().signal);
    const nowMs = Date.now();
    lane.freeAtMs = Math.max(lane.freeAtMs, nowMs + service.paceMs);
    const verdict = service.judge(answer, nowMs);
    return { ...verdict, reason: cleanLine(withoutSecrets(verdict.reason, target)) };
  });
}
