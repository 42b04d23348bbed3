import { StateFile } from '../../../lib/io/state-file.ts';
import { Counts, parseCounts, type SavedCounts } from '../counts.ts';

/** What a filter dropped and did not tell before a Deploy or a restart: it is told after it. */
export class UntoldCounts {
  readonly #file: StateFile<SavedCounts>;

  /** `id` is that of the filter's node. */
  constructor(userDir: string, id: string) {
    this.#file = new StateFile(userDir, `record-filter-${id.replaceAll(/[^\w.-]/g, '_')}`, parseCounts);
  }

  /** Counts that begin with what is not told. What cannot be read is not told: it is no record that is lost. */
  take(): Counts {
    const saved = this.#file.read();
    // Told once: whoever is killed before that tells less, and not twice.
    if (saved !== undefined) this.remove().catch(() => undefined);
    return new Counts(saved);
  }

  /** Rejects with the file system's error. */
  async keep({ untold }: Counts): Promise<void> {
    if (untold !== undefined) await this.#file.write(untold);
  }

  /** The node is gone for good. */
  remove(): Promise<void> {
    return this.#file.remove();
  }
}
