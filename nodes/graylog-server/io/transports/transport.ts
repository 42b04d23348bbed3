/** Messages (GELF documents as text) on their way, in order. */
export interface Outgoing {
  readonly texts: readonly string[];
  /** All of them, each followed by a NUL: what TCP writes. Empty for a transport that is not `unconfirmed`. */
  readonly frame: Buffer;
}

/** What a shipper needs of a connection; one transport is one connection to one endpoint, used once. */
export interface Transport {
  /** Resolves when messages can be sent. Rejects with the system's error. */
  open(): Promise<void>;
  /**
   * Sends messages. Resolves when they left: for HTTP when each was answered 202,
   * else when the system took them. Rejects when the connection is lost; a DeliveryError names what was not sent.
   */
  send(outgoing: Outgoing): Promise<void>;
  /** Settles once, with the reason, when an open connection is lost without `close()`. */
  readonly lost: Promise<Error>;
  /** What the peer was sent may be lost when the connection is: the last seconds are worth sending again. */
  readonly unconfirmed: boolean;
  /**
   * Hands over what was taken, then closes. Resolves to whether the peer has it, as far as the protocol can tell. Never
   * rejects.
   */
  close(): Promise<boolean>;
}

/** A batch of which `delivered` messages arrived before the connection failed. */
export class DeliveryError extends Error {
  readonly delivered: number;
  /** The message after the delivered ones can never be taken by this endpoint (too large): sending it again is no use. */
  readonly rejected: boolean;

  constructor(message: string, delivered: number, rejected = false) {
    super(message);
    this.delivered = delivered;
    this.rejected = rejected;
  }
}
