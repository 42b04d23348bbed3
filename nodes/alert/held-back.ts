import { ask, type Bus, hear } from '../../lib/bus.ts';
import { MonitoringError } from '../../lib/errors.ts';

/** Knows whether the alert that holds another one back fires. It hears of it over the bus: no wire leads there. */
export class HeldBack {
  readonly #bus: Bus;
  readonly #name: string;
  readonly #firing = new Set<string>();
  readonly #leave: () => void;

  /** `name` is that of the alert that holds back; blank: nothing does. */
  constructor(bus: Bus, name: string) {
    this.#bus = bus;
    this.#name = name;
    this.#leave =
      name === ''
        ? () => undefined
        : hear(bus, 'infra-monitoring:alert', (alert) => {
            if (alert.name !== name) return;
            if (alert.state === 'firing') this.#firing.add(alert.id);
            else this.#firing.delete(alert.id);
          });
    this.askAgain();
  }

  get isHeld(): boolean {
    return this.#firing.size > 0;
  }

  /** After a Deploy: what was deleted says no more that it is over. */
  askAgain(): void {
    this.#firing.clear();
    if (this.#name !== '') ask(this.#bus, 'infra-monitoring:alert');
  }

  close(): void {
    this.#leave();
  }
}

/** The parts of a saved `alert` by which they hold each other back. */
interface Holder {
  readonly type: string;
  readonly name?: string;
  readonly heldBy?: string;
}

/** Whether the alerts that hold `name` back are in the end held back by it: then nobody would be told of either. */
export function isHeldInCircle(name: string, heldBy: string, nodes: readonly Holder[]): boolean {
  const alerts = nodes.filter((node) => node.type === 'alert');
  const seen = new Set<string>();
  let next = [heldBy];
  while (next.length > 0) {
    if (name !== '' && next.includes(name)) return true;
    for (const one of next) seen.add(one);
    const holders = alerts.filter((node) => next.includes(node.name ?? '')).map((node) => node.heldBy ?? '');
    next = holders.filter((one) => one !== '' && !seen.has(one));
  }
  return false;
}

/** Throws `ALERT_HELD_IN_CIRCLE` where the alert of that name is in the end held back by itself. `eachNode` gives all nodes. */
export function checkHolders(
  { name, heldBy }: { readonly name: string; readonly heldBy: string },
  eachNode: (hear: (node: Holder) => void) => void,
): void {
  const nodes: Holder[] = [];
  eachNode((node) => nodes.push(node));
  if (isHeldInCircle(name, heldBy, nodes))
    throw new MonitoringError('ALERT_HELD_IN_CIRCLE', { field: 'heldBy', value: heldBy });
}

/** Knows whether a Graylog is so far behind that sources pause: then it is no news that nothing comes. */
export class PausedSources {
  readonly #full = new Set<string>();
  readonly #leave: () => void;

  constructor(bus: Bus) {
    this.#leave = hear(bus, 'infra-monitoring:pressure', ({ server, full }) => {
      if (full) this.#full.add(server);
      else this.#full.delete(server);
    });
    ask(bus, 'infra-monitoring:pressure');
  }

  get isPaused(): boolean {
    return this.#full.size > 0;
  }

  close(): void {
    this.#leave();
  }
}
