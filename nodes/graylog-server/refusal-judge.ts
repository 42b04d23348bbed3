import { MonitoringError } from '../../lib/errors.ts';

/** What it takes before a document counts as one that the server refuses for its own sake, and not as it would any. */
const REFUSALS = 3;
/** So many refusals one after the other ask for proof that the server takes anything at all. */
const MAX_SUSPECTS = 8;
const ACCEPTED = 202;

/**
 * Tells, within one batch, the document that a server (or a proxy before it) refuses from the server that refuses
 * everything. A refused document is set aside only where another one was accepted after it, and where it was then refused
 * again, and again. Where no other document of the batch can prove that, a document of our own is sent.
 */
export class RefusalJudge {
  readonly refused: { index: number; error: unknown }[] = [];
  readonly #texts: readonly string[];
  readonly #post: (texts: readonly string[]) => Promise<number>;
  /** Refused once, with the status, while nothing was accepted since. */
  #suspects: { index: number; status: number }[] = [];
  #proven: { index: number; status: number }[] = [];
  #done = 0;

  /** `post` resolves to a status of HTTP. */
  constructor(texts: readonly string[], post: (texts: readonly string[]) => Promise<number>) {
    this.#texts = texts;
    this.#post = post;
  }

  /** How many documents are done with, counted from the first: accepted, or refused for good. */
  get sent(): number {
    return Math.min(this.#done, ...[...this.#suspects, ...this.#proven].map(({ index }) => index));
  }

  /** The status for the documents from one place to another. */
  post(from: number, to: number): Promise<number> {
    return this.#post(this.#texts.slice(from, to));
  }

  accept(_from: number, to: number): undefined {
    this.#done = to;
    this.#acquitServer();
  }

  /** Takes note of a refusal. Resolves to the failure where the server takes nothing at all. */
  async suspect(index: number, status: number): Promise<unknown> {
    this.#suspects.push({ index, status });
    this.#done = index + 1;
    return this.#suspects.length < MAX_SUSPECTS ? undefined : this.#prove();
  }

  /** Settles what is suspected: to be asked after the last document. Resolves to the failure, where there is one. */
  async convict(): Promise<unknown> {
    const failure = await this.#prove();
    if (failure !== undefined) return failure;
    for (let one = this.#proven[0]; one !== undefined; one = this.#proven[0]) {
      try {
        await this.#convictOne(one);
      } catch (error) {
        return error;
      }
      this.#proven.shift();
    }
    return undefined;
  }

  async #convictOne({ index, status }: { index: number; status: number }): Promise<void> {
    for (let refusals = 1; refusals < REFUSALS; refusals += 1) {
      if ((await this.post(index, index + 1)) === ACCEPTED) return;
    }
    this.refused.push({ index, error: new MonitoringError('HTTP_STATUS', { status }) });
  }

  /** Something was accepted: what was refused before that was refused for its own sake. */
  #acquitServer(): void {
    this.#proven.push(...this.#suspects);
    this.#suspects = [];
  }

  async #prove(): Promise<unknown> {
    const [suspect] = this.#suspects;
    if (suspect === undefined) return undefined;
    const { index, status } = suspect;
    try {
      if ((await this.#post([probeFor(this.#texts[index] ?? '', status)])) === ACCEPTED) this.#acquitServer();
      else return new MonitoringError('HTTP_STATUS', { status });
    } catch (error) {
      return error;
    }
    return undefined;
  }
}

/** A document of this host that no rule can have anything against. */
function probeFor(text: string, status: number): string {
  const { host, timestamp } = JSON.parse(text) as { host?: unknown; timestamp?: unknown };
  const message = `a record was refused with HTTP ${status}: this one asks whether others are taken`;
  return JSON.stringify({ version: '1.1', host, short_message: message, timestamp, level: 5 });
}
