import { LOSSES, type Reason } from './refusal.ts';

export interface Told {
  readonly reason: Reason | 'timeless';
  /** How many since it was told last. */
  readonly count: number;
  /** Some of the addresses that they came from. */
  readonly senders: string;
}

const MOST_SENDERS = 5;

/** What came and what became of it. What was not handed on is told by its reason, and by whom it came from. */
export class Counts {
  /** Records that were handed on. */
  received = 0;
  /** Documents and pieces that were not, for whatever reason. */
  dropped = 0;
  /** Of these, what would have been a record. */
  lost = 0;
  readonly #untold = new Map<Told['reason'], { count: number; senders: Set<string> }>();

  drop(reason: Reason, sender: string, count = 1): void {
    this.dropped += count;
    if (LOSSES.has(reason)) this.lost += count;
    this.#note(reason, sender, count);
  }

  /** A record that was handed on had no time that could be used. */
  noteTimeless(sender: string): void {
    this.#note('timeless', sender, 1);
  }

  #note(reason: Told['reason'], sender: string, count: number): void {
    const entry = this.#untold.get(reason) ?? { count: 0, senders: new Set() };
    entry.count += count;
    if (entry.senders.size < MOST_SENDERS && sender !== '') entry.senders.add(sender);
    this.#untold.set(reason, entry);
  }

  /** What was not handed on since it was asked for last. */
  takeUntold(): Told[] {
    const told = [...this.#untold].map(([reason, { count, senders }]) => ({
      ...{ reason, count },
      senders: [...senders].join(', '),
    }));
    this.#untold.clear();
    return told;
  }
}
