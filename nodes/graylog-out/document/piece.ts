/** A piece has so many others that may follow it; those beyond are written by themselves. */
const MOST_FOLLOWERS = 4;
/** So many bytes are joined at most, and so many times in all. */
const MOST_BYTES = 1_024;
const MOST_JOINED = 1_000;

/** How many pieces of a writer were joined. */
export interface JoinCount {
  joined: number;
}

/**
 * Bytes that documents have in common. Pieces that follow each other again and again are joined, and written at once:
 * to write a few bytes takes as long as to write a hundred.
 */
export class Piece {
  readonly bytes: Uint8Array;
  readonly #count: JoinCount;
  readonly #followers: Piece[] = [];
  readonly #joined: Piece[] = [];

  constructor(bytes: Uint8Array, count: JoinCount) {
    this.bytes = bytes;
    this.#count = count;
  }

  /** This piece and the other as one; undefined where they are not joined. */
  with(other: Piece): Piece | undefined {
    const followers = this.#followers;
    for (let at = 0; at < followers.length; at += 1) if (followers[at] === other) return this.#joined[at];
    return followers.length < MOST_FOLLOWERS ? this.#join(other) : undefined;
  }

  #join(other: Piece): Piece | undefined {
    const length = this.bytes.length + other.bytes.length;
    if (length > MOST_BYTES || this.#count.joined >= MOST_JOINED) return undefined;
    this.#count.joined += 1;
    const bytes = new Uint8Array(length);
    bytes.set(this.bytes);
    bytes.set(other.bytes, this.bytes.length);
    const piece = new Piece(bytes, this.#count);
    this.#followers.push(other);
    this.#joined.push(piece);
    return piece;
  }
}
