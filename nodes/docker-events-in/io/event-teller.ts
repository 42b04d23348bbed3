import type { Labels } from '../../../lib/docker/api.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { inspectContainer } from '../../../lib/docker/containers.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import { SerialQueue } from '../../../lib/serial-queue.ts';
import type { EventFilter } from '../filter.ts';
import { exitCodeAt, isExitCodeHidden, type ToldEvent } from '../told-event.ts';
import { ObjectLabels } from './object-labels.ts';

export interface EventTellerOptions {
  readonly client: DockerClient;
  readonly filter: EventFilter;
  tell(event: ToldEvent): void;
}

/** How long an event waits for what the engine says of it, in milliseconds. */
const ANSWER_MS = 2_000;

/** Tells events in their order. A few need more than their stream says: these, and those after them, wait for the engine. */
export class EventTeller {
  readonly #options: EventTellerOptions;
  readonly #queue = new SerialQueue();
  readonly #labels: ObjectLabels;
  #isStopped = false;

  constructor(options: EventTellerOptions) {
    this.#options = options;
    this.#labels = new ObjectLabels(options.client);
  }

  /** Undefined where all are told; else it resolves when they are. Never rejects. */
  hear(events: readonly ToldEvent[]): Promise<void> | undefined {
    const isSimple = this.#queue.length === 0 && !events.some((told) => this.#needsEngine(told));
    if (!isSimple) return this.#queue.run(() => this.#hearAll(events));
    for (const told of events) this.#tell(told);
    return undefined;
  }

  /** The engine was reached: what is gone before its labels are asked for is known from now. */
  connected(): void {
    if (this.#options.filter.containers.isOneProject) void this.#queue.run(() => this.#labels.list());
  }

  /** Tells no more. */
  stop(): void {
    this.#isStopped = true;
  }

  #needsEngine(told: ToldEvent): boolean {
    return isExitCodeHidden(told) || this.#options.filter.needsLabels(told.event);
  }

  async #hearAll(events: readonly ToldEvent[]): Promise<void> {
    for (const told of events) {
      if (this.#isStopped) return;
      if (this.#options.filter.needsLabels(told.event)) this.#tell(told, await this.#labels.of(told.event));
      else this.#tell(isExitCodeHidden(told) ? await this.#withExitCode(told) : told);
    }
  }

  /** What was taken over by the stop is told after the next start. */
  #tell(told: ToldEvent, labels?: Labels): void {
    const { filter, tell } = this.#options;
    if (!this.#isStopped && filter.withLabels(told.event, labels)) tell(told);
  }

  async #withExitCode(told: ToldEvent): Promise<ToldEvent> {
    const asked = inspectContainer(this.#options.client, told.event.Actor.ID).catch(() => undefined);
    const details = await withTimeout(asked, ANSWER_MS, () => undefined);
    const exitCode = details === undefined ? undefined : exitCodeAt(details, told.nanos);
    return exitCode === undefined ? told : { ...told, exitCode };
  }
}
