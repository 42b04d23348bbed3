import { ask, type Bus, hear } from '../bus.ts';
import { POSITION_DELAY_MS } from '../delayed-position.ts';
import { onEveryDeploy } from '../flow-lifecycle.ts';
import { type FlowNode, type Reach, reachOf, serverNames } from '../reach.ts';

export interface DownstreamOptions {
  /** `RED.events`. */
  readonly bus: Bus;
  /** The source. */
  readonly node: object;
  /** That of `RED.nodes`. */
  eachNode(hear: (node: FlowNode) => void): void;
  /** Hears the names of the servers that have no room, for people; undefined when the source may go on. */
  paused(servers: string | undefined): void;
}

/** How often the wires are looked at, besides after each deploy, in ms. */
const LOOK_MS = 60_000;
/** A checkpoint stays this much further behind than what a server may not have confirmed, in ms. */
const MARGIN_MS = 1_000;

/** What a source must know of the `graylog-server`s that its wires lead to, from its start until it is closed. */
export class Downstream {
  readonly #options: DownstreamOptions;
  readonly #full = new Set<string>();
  readonly #windows = new Map<string, number>();
  readonly #leave: (() => void)[];
  #nodes = new Map<string, FlowNode>();
  #reach: Reach = 'all';
  #pausedFor: string | undefined;
  #delayMs = POSITION_DELAY_MS;

  constructor(options: DownstreamOptions) {
    const { bus } = options;
    this.#options = options;
    const timer = setInterval(() => this.#look(), LOOK_MS).unref();
    this.#look();
    this.#leave = [
      () => clearInterval(timer),
      onEveryDeploy(bus, () => this.#look()),
      hear(bus, 'infra-monitoring:pressure', ({ server, full }) => {
        if (full) this.#full.add(server);
        else this.#full.delete(server);
        this.#look();
      }),
      hear(bus, 'infra-monitoring:window', ({ server, ms }) => {
        this.#windows.set(server, ms);
        this.#look();
      }),
    ];
    ask(bus, 'infra-monitoring:pressure');
    ask(bus, 'infra-monitoring:window');
  }

  /** How long ago something must have been handed on before it may be in a checkpoint, in ms. */
  get delayMs(): number {
    return this.#delayMs;
  }

  close(): void {
    for (const leave of this.#leave) leave();
  }

  #look(): void {
    const { node, eachNode, paused } = this.#options;
    this.#nodes = new Map();
    eachNode((one) => this.#nodes.set(one.id, one));
    // Node-RED's types leave the wires out.
    this.#reach = reachOf((node as { wires?: string[][] }).wires ?? [], this.#nodes);
    const windows = [...this.#windows].filter(([server]) => this.#reaches(server)).map(([, ms]) => ms);
    this.#delayMs = windows.length === 0 ? POSITION_DELAY_MS : Math.max(...windows) + MARGIN_MS;
    const full = [...this.#full].filter((server) => this.#reaches(server));
    const pausedFor = full.length === 0 ? undefined : serverNames(full, this.#nodes);
    if (pausedFor === this.#pausedFor) return;
    this.#pausedFor = pausedFor;
    paused(pausedFor);
  }

  #reaches(server: string): boolean {
    return this.#reach === 'all' || this.#reach.has(server);
  }
}
