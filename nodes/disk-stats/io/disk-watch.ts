import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import type { LostState, StateFile } from '../../../lib/io/state-file.ts';
import type { Translate } from '../../../lib/status.ts';
import { type Assessed, DiskAssessor } from '../assessor.ts';
import { absentOf, type SavedDisks } from '../known-disks.ts';
import { chooseMounts, type Mount } from '../mounts.ts';
import { reportable } from '../reportable.ts';
import type { DiskSettings } from '../settings.ts';
import type { ContainerLookup } from './container-lookup.ts';
import type { DiskReader } from './disk-reader.ts';

export interface DiskWatchOptions {
  readonly settings: DiskSettings;
  readonly host: string;
  readonly translate: Translate;
  readonly reader: DiskReader;
  readonly containers: ContainerLookup;
  readonly file: StateFile<SavedDisks>;
  /** Hears why the states could not be kept, or those of an earlier run not be used. */
  onFault(error: unknown): void;
  /** Hears once of mounts that are left out, because the user of this process may not read them. */
  onLeftOut(mounts: readonly Mount[]): void;
}

/** Keeps the states in a file at each change of one; a crash before tells a change twice, but never not at all. */
const NEVER_MS = 2 ** 31 - 1;

/** Measures the filesystems of a host and keeps their states over a restart. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #assessor: DiskAssessor;
  readonly #checkpoint: Checkpoint<SavedDisks>;
  #isLeftOutTold = false;
  #leftOut = 0;

  constructor(options: DiskWatchOptions) {
    const { settings, host, translate, file, onFault } = options;
    this.#options = options;
    const saved = file.read(({ error }: LostState) => onFault(error));
    this.#assessor = new DiskAssessor(settings, host, translate, saved);
    this.#checkpoint = new Checkpoint({
      file,
      snapshot: () => this.#assessor.snapshot(),
      everyMs: NEVER_MS,
      isSettled: () => true,
      onFault,
    });
  }

  /** How many filesystems the last measurement left out, because the user of this process may not read them. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes one measurement. Rejects where the list of mounts cannot be read. */
  async measure(): Promise<Assessed[]> {
    const { settings, reader, containers, onLeftOut } = this.#options;
    const table = await reader.mounts();
    const chosen = chooseMounts(table, settings.include, settings.exclude);
    const measured = await reader.measure(chosen);
    const { known } = this.#assessor;
    const { kept, leftOut } = reportable(measured, settings.include, known);
    // Of what is left out nobody asks the engine.
    const found = await containers.containersOn(kept.map(({ mount }) => mount));
    this.#leftOut = leftOut.length;
    if (leftOut.length > 0 && !this.#isLeftOutTold) {
      this.#isLeftOutTold = true;
      onLeftOut(leftOut);
    }
    const nowMs = Date.now();
    const absent = absentOf(table, chosen, settings, known, nowMs);
    return this.#assessor.assess([...kept, ...absent], nowMs, found);
  }

  /** To be called when what was assessed is sent. */
  keep(): void {
    void this.#checkpoint.write();
  }

  close(): Promise<void> {
    return this.#checkpoint.close();
  }
}
