/** Messages (GELF documents as text) on their way, in order. */
export interface Outgoing {
  readonly texts: readonly string[];
  /** How many they are, where their texts need not be asked for. */
  readonly count?: number;
  /** All of them, each followed by a NUL: what TCP writes. Empty for a transport that confirms each batch. */
  readonly frame: Buffer;
}

/** A message that this endpoint can never take, while it takes others: sending it again is no use. */
export interface Refused {
  /** Its place among the messages that were sent. */
  readonly index: number;
  readonly error: unknown;
}

/** What became of a batch. Without `failure` all of it is done with. */
export interface SendResult {
  /** How many messages are done with, counted from the first: they left, but for those that were refused. */
  readonly sent: number;
  readonly refused?: readonly Refused[] | undefined;
  /** Why the connection is lost. The messages after those that left may be sent again over another one. */
  readonly failure?: unknown;
}

/**
 * When the peer says that it has a message: `batch`: when `send()` resolves; `end`: when the peer ends the connection in
 * answer to our own end; `never`: not at all.
 */
export type Confirmation = 'batch' | 'end' | 'never';

/** How a connection ended. */
export interface Ending {
  /** The peer has everything that it was sent, as far as the protocol can tell. */
  readonly isRead: boolean;
  /** Why it may not, where that is known. */
  readonly fault?: unknown;
}

/** What a shipper needs of a connection. One transport is one connection to one endpoint, used once. */
export interface Transport {
  readonly confirms: Confirmation;
  /** Aborts, with the error as its reason, when an open connection is lost without `close()`. */
  readonly lost: AbortSignal;
  /** Resolves when messages can be sent. Rejects with the system's error, or `CLOSED` when `signal` aborts. */
  open(signal: AbortSignal): Promise<void>;
  /** Resolves when the messages left: over HTTP when each was answered 202, else when the system took them. Never rejects. */
  send(outgoing: Outgoing): Promise<SendResult>;
  /**
   * Hands over what was taken, and waits for the peer's word where there is one. When `signal` aborts, now or later, the
   * connection ends at once, and so does a `send()` that is under way. Never rejects.
   */
  close(signal?: AbortSignal): Promise<Ending>;
}
