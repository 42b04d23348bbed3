import { POSITION_DELAY_MS } from '../../../lib/delayed-position.ts';
import { Downstream, type DownstreamOptions } from '../../../lib/io/downstream.ts';
import { countedEvents, type EventFilter, type EventSettings, engineFilters } from '../filter.ts';
import type { ToldEvent } from '../told-event.ts';
import { EventFollower, type EventFollowerOptions } from './event-follower.ts';
import { EventTeller } from './event-teller.ts';

export interface EngineSourceOptions
  extends Pick<EventFollowerOptions, 'client' | 'state' | 'lost' | 'unsaved' | 'spoilt'>,
    Pick<DownstreamOptions, 'bus' | 'node' | 'eachNode'> {
  readonly settings: EventSettings;
  readonly filter: EventFilter;
  tell(event: ToldEvent): void;
  /** Everything up to now is told. */
  connected(): void;
}

/** The events of an engine, filtered and with what it says of them, from its construction until it is stopped. */
export class EngineSource {
  readonly #teller: EventTeller;
  readonly #downstream: Downstream;
  readonly #follower: EventFollower;

  constructor(options: EngineSourceOptions) {
    const { settings, filter, bus, node, eachNode, connected } = options;
    this.#teller = new EventTeller(options);
    // The engine forgets an event that nobody reads: this source does not pause.
    this.#downstream = new Downstream({ bus, node, eachNode, paused: () => undefined });
    this.#follower = new EventFollower({
      ...options,
      filters: engineFilters(settings),
      counts: countedEvents(settings),
      isChosen: (event) => filter.needsLabels(event) || filter(event),
      delayMs: () => this.#downstream.delayMs ?? POSITION_DELAY_MS,
      heard: (events) => this.#teller.hear(events),
      connected: (containers) => {
        // The filter sees which projects there are.
        for (const [id, container] of Object.entries(containers)) filter.containers.accepts({ id, ...container });
        this.#teller.connected();
        connected();
      },
    });
  }

  async stop(): Promise<void> {
    this.#downstream.close();
    this.#teller.stop();
    await this.#follower.stop();
  }
}
