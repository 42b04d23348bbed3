import { onEveryDeploy } from '../../../lib/flow-lifecycle.ts';
import type { GelfFields } from '../../../lib/gelf-encoder.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import { StateFile } from '../../../lib/io/state-file.ts';
import type { Events } from '../../../lib/shared-listener.ts';
import { parseShippedAlerts, type SavedAlerts, ShippedAlerts } from '../shipped-alerts.ts';

export interface AlertEndsOptions {
  readonly userDir: string;
  /** The id of the config node, as it may stand in the name of a file. */
  readonly id: string;
  /** `RED.events`. */
  readonly events: Events;
  isRunning(node: string): boolean;
  /** What is said of an alert whose rule is gone. */
  message(subject: string): string;
  ship(fields: GelfFields, port: number | undefined): void;
  onFault(error: unknown): void;
}

/** How often it is kept at most, in ms. */
const KEEP_MS = 1_000;

/** Ships the end of alerts whose node was deleted or disabled while they were firing, also while Node-RED was off. */
export class AlertEnds {
  readonly #options: AlertEndsOptions;
  readonly #file: StateFile<SavedAlerts>;
  readonly #checkpoint: Checkpoint<SavedAlerts>;
  readonly #alerts: ShippedAlerts;
  readonly #leave: () => void;
  #isKept = true;
  /** Most servers never ship an alert, and need no file. */
  #isChanged = false;

  constructor(options: AlertEndsOptions) {
    const { userDir, id, events, onFault } = options;
    this.#leave = onEveryDeploy(events, () => this.#lookAround());
    this.#options = options;
    this.#file = new StateFile(userDir, `graylog-server-alerts-${id}`, parseShippedAlerts);
    this.#alerts = new ShippedAlerts(this.#file.read(({ error }) => onFault(error)));
    const snapshot = (): SavedAlerts | undefined => {
      this.#isKept = true;
      return this.#isChanged ? this.#alerts.saved : undefined;
    };
    this.#checkpoint = new Checkpoint({
      file: this.#file,
      snapshot,
      everyMs: KEEP_MS,
      isSettled: () => this.#isKept,
      onFault,
    });
  }

  /** A document of an alert is shipped; `node` is what its msg names as the `alert` node. An event has no end. */
  note(node: unknown, isEvent: boolean, document: string, port: number | undefined): void {
    if (typeof node !== 'string' || isEvent || !this.#alerts.note({ node, document, port })) return;
    this.#change();
  }

  /** All flows run: what does not run now is gone. */
  #lookAround(): void {
    const { isRunning, message, ship } = this.#options;
    const ends = this.#alerts.endsOf(isRunning, message, Date.now());
    for (const { fields, port } of ends) ship(fields, port);
    if (ends.length > 0) this.#change();
  }

  /** `isGone`: the server was deleted. */
  async close(isGone: boolean): Promise<void> {
    this.#leave();
    await this.#checkpoint.close();
    if (isGone) await this.#file.remove();
  }

  #change(): void {
    this.#isKept = false;
    this.#isChanged = true;
    this.#checkpoint.arm();
  }
}
