import { wait } from '../../../../lib/io/wait.ts';
import type { SendResult, Transport } from '../transports/transport.ts';
import type { Opened } from './failover.ts';
import type { SentBatch } from './sent-batch.ts';
import type { SessionContext } from './session-context.ts';
import { settleSent } from './settle-sent.ts';

/** How long an earlier endpoint may take to deliver a batch: meanwhile nothing else is sent. */
const TRIAL_MS = 3_000;
/** Nothing tells that nobody takes what was sent but an answer of its host, which takes a moment. */
const REFUSAL_MS = 300;
/** An endpoint that opens and delivers nothing is asked less and less often. */
const MAX_RETURN_SHARE = 10;

/** The way back to an endpoint further up in the list: it must deliver a batch before the present one is left. */
export class EarlierEndpoint {
  readonly #context: SessionContext;
  readonly #failure: AbortSignal;
  #opened: Opened | undefined;
  #share = 1;

  constructor(context: SessionContext, failure: AbortSignal) {
    this.#context = context;
    this.#failure = failure;
  }

  /** Whether one is open, and waits for a batch. */
  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  /** Looks again and again for an endpoint before the present one, which `index` tells; `found` hears of it. */
  async look(index: () => number, found: () => void, signal: AbortSignal): Promise<void> {
    const { failover, returnMs } = this.#context;
    while (!signal.aborted && index() > 0) {
      await wait(returnMs * this.#share, signal);
      if (this.#opened !== undefined) continue;
      const opened = await failover.openEarlier(index(), signal);
      if (opened === undefined) continue;
      this.#opened = opened;
      found();
    }
  }

  /** Sends a batch over it. What it does not deliver goes back to the buffer. */
  async deliver(pack: (transport: Transport) => SentBatch): Promise<{ opened: Opened; isDelivered: boolean }> {
    const { pace } = this.#context;
    const opened = this.#opened as Opened;
    const { transport } = opened;
    this.#opened = undefined;
    const isAsked = transport.confirms === 'end' && pace.isOn;
    const limit = AbortSignal.any([this.#failure, AbortSignal.timeout(TRIAL_MS)]);
    const end = (): void => void transport.close(limit);
    limit.addEventListener('abort', end);
    const batch = pack(transport);
    const result = await transport.send(batch);
    const isDelivered = result.failure === undefined && (await this.#isConfirmed(transport, isAsked, limit));
    limit.removeEventListener('abort', end);
    if (isDelivered) this.#share = 1;
    else {
      this.#share = Math.min(MAX_RETURN_SHARE, this.#share * 2);
      await transport.close(AbortSignal.abort());
    }
    settleSent(batch, outcome(result, isDelivered, transport), this.#context, undefined);
    return { opened, isDelivered };
  }

  async close(): Promise<void> {
    await this.#opened?.transport.close(AbortSignal.abort());
  }

  async #isConfirmed(transport: Transport, isAsked: boolean, limit: AbortSignal): Promise<boolean> {
    if (isAsked) return (await transport.close(limit)).isRead;
    if (transport.confirms !== 'batch') await wait(REFUSAL_MS, transport.lost);
    return !transport.lost.aborted;
  }
}

/** Over HTTP each document was answered; over another one all of the batch was delivered, or none. */
function outcome(result: SendResult, isDelivered: boolean, { confirms }: Transport): SendResult {
  if (isDelivered || confirms === 'batch') return result;
  return { sent: 0, failure: result.failure ?? 'not confirmed' };
}
