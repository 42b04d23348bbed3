import type { Opened } from './failover.ts';
import type { SessionContext } from './session-context.ts';

/** Why a session is over. */
export interface SessionEnd {
  readonly name: string;
  /** The connection was lost, or nothing is confirmed. Undefined when the shipper closes. */
  readonly error: unknown;
  readonly hasDelivered: boolean;
}

/** What a session has come to: which endpoints delivered, whether the server counts as there, and the first failure. */
export class SessionOutcome {
  readonly #context: Pick<SessionContext, 'failover' | 'onServing' | 'onAway' | 'closing' | 'idle'>;
  /** The places of the endpoints that delivered something. */
  readonly #delivered = new Set<number>();
  #isServing = false;
  #fault: { readonly error: unknown; readonly index: number; readonly name: string } | undefined;

  constructor(context: Pick<SessionContext, 'failover' | 'onServing' | 'onAway' | 'closing' | 'idle'>) {
    this.#context = context;
  }

  get hasFailed(): boolean {
    return this.#fault !== undefined;
  }

  /** The endpoint at this place has taken something. */
  delivered(index: number): void {
    this.#delivered.add(index);
    this.#context.failover.delivered(index);
  }

  /** The server takes records, at the endpoint of this name. It is said once. */
  serve(name: string): void {
    if (this.hasFailed || this.#isServing) return;
    this.#isServing = true;
    this.#context.onServing(name);
  }

  /** From now on it is the endpoint of this name. */
  switchTo(name: string): void {
    if (this.#isServing && !this.hasFailed) this.#context.onServing(name);
  }

  /** The first failure is the one that is said. */
  fail(index: number, name: string, error: unknown): void {
    if (this.hasFailed) return;
    this.#fault = { error, index, name };
    if (!this.#context.closing.aborted) this.#context.onAway(name, error);
    this.#context.idle.wake();
  }

  /** Ends with the endpoint that is sent to. `isBelieved`: it need not say so, and has delivered all the same. */
  end({ index: last, name: lastName }: Omit<Opened, 'transport'>, isBelieved: boolean): SessionEnd {
    if (isBelieved) this.#delivered.add(last);
    const { index, name, error } = this.#fault ?? { index: last, name: lastName, error: undefined };
    const hasDelivered = this.#delivered.has(index);
    if (error !== undefined && !hasDelivered) this.#context.failover.failed(index);
    return { name, error, hasDelivered };
  }
}
