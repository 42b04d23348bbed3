/** Messages (GELF documents as text) on their way, in order. */
export interface Outgoing {
  readonly texts: readonly string[];
  /** All of them, each followed by a NUL: what TCP writes. Empty for a transport that is not `unconfirmed`. */
  readonly frame: Buffer;
}

/** What became of a batch. Without `refusal` and `failure` all of it left. */
export interface SendResult {
  /** How many messages left, counted from the first. */
  readonly sent: number;
  /** Why this endpoint can never take the message after those (it is too large): sending it again is no use. */
  readonly refusal?: unknown;
  /** Why the connection is lost. The messages after those that left may be sent again over another one. */
  readonly failure?: unknown;
}

/** What a shipper needs of a connection. One transport is one connection to one endpoint, used once. */
export interface Transport {
  /** What the peer was sent may be lost when the connection is: the last seconds are worth sending again. */
  readonly unconfirmed: boolean;
  /** Aborts, with the error as its reason, when an open connection is lost without `close()`. */
  readonly lost: AbortSignal;
  /** Resolves when messages can be sent. Rejects with the system's error, or `CLOSED` when `signal` aborts. */
  open(signal: AbortSignal): Promise<void>;
  /** Resolves when the messages left: over HTTP when each was answered 202, else when the system took them. Never rejects. */
  send(outgoing: Outgoing): Promise<SendResult>;
  /**
   * Hands over what was taken, then closes. Resolves to whether the peer has it, as far as the protocol can tell. Never
   * rejects.
   */
  close(): Promise<boolean>;
}
