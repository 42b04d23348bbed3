import type { BatchKey } from './batch-key.ts';
import type { Level } from './level.ts';

/** What was removed from LevelDB and is still in its files: it leaves it there until much has come behind it. */
export class RemovedRange {
  #bytes = 0;
  #from = '';
  #to = '';

  get bytes(): number {
    return this.#bytes;
  }

  add({ key, size }: BatchKey): void {
    this.#bytes += size;
    if (this.#from === '' || key < this.#from) this.#from = key;
    if (key > this.#to) this.#to = key;
  }

  /** Has LevelDB write the files anew that hold it, without it. */
  async compact(level: Level): Promise<void> {
    if (this.#bytes === 0) return;
    await level.compactRange(this.#from, this.#to);
    this.#bytes = 0;
    this.#from = '';
    this.#to = '';
  }
}
