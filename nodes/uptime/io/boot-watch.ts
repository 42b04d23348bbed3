import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';
import { type Boot, bootTimeMs, hasRebooted, isMistimed, type ToldReboot } from '../reboot.ts';

/** How often it is written down that this boot was seen, in milliseconds. */
const SAVE_MS = 60_000;

/** Finds a reboot between two samples, also when Node-RED was down meanwhile: the last boot is kept in a file. */
export class BootWatch {
  readonly #file: StateFile<Boot>;
  readonly #checkpoint: Checkpoint<Boot>;
  #last: Boot | undefined;
  #isSaved = false;

  /** `onFault` hears why the boot could not be written down, or that of an earlier run not be used. */
  constructor(file: StateFile<Boot>, onFault: (error: unknown) => void) {
    this.#file = file;
    this.#last = file.read(({ error }) => onFault(error));
    this.#checkpoint = new Checkpoint({ file, snapshot: () => this.#last, everyMs: SAVE_MS, onFault });
  }

  /**
   * Takes the boot of a new sample. Calls `rebooted` with the boot before where that is another one; and once more, as a
   * correction, when the clock was set since.
   */
  see(boot: Boot, rebooted: (before: ToldReboot['before'], isCorrection: boolean) => void): void {
    const last = this.#last;
    const isNew = last !== undefined && hasRebooted(last, boot);
    const before = isNew ? { uptimeSeconds: last.uptimeSeconds, seenMs: last.seenMs } : last?.reboot?.before;
    const isWrong = !isNew && last?.reboot !== undefined && isMistimed(last.reboot, boot);
    const isTold = isNew || isWrong;
    const told = isTold && before !== undefined ? { before, bootMs: bootTimeMs(boot) } : last?.reboot;
    this.#last = told === undefined ? boot : { ...boot, reboot: told };
    if (isTold && before !== undefined) rebooted(before, isWrong);
    // After the reboot is told: a crash in between tells it twice, with the same event_id, but never not at all.
    if (isTold || !this.#isSaved) void this.#checkpoint.write();
    this.#isSaved = true;
  }

  /** Writes the last boot once more, since the time that the host is down counts from there; or removes the file. */
  async close(isRemoved: boolean): Promise<void> {
    await this.#checkpoint.close();
    if (isRemoved) await this.#file.remove();
  }
}
