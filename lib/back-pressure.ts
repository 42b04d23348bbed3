import { type Bus, hear, say, whenAsked } from './bus.ts';
import type { Reach } from './reach.ts';

/**
 * The side of a `graylog-server`: what the sources that ship to it must know, though no wire leads back to them. Their
 * side is `lib/io/downstream.ts`.
 */

/** Says on the bus whether the buffer of a server is nearly full: its sources pause until it has room again. */
export class PressureSource {
  readonly #bus: Bus;
  readonly #server: string;
  readonly #leave: () => void;
  #isFull = false;

  /** `server` is the id of the config node. */
  constructor(bus: Bus, server: string) {
    this.#bus = bus;
    this.#server = server;
    this.#leave = whenAsked(bus, 'infra-monitoring:pressure', () => {
      if (this.#isFull) this.#say();
    });
  }

  /** Says whether the buffer is nearly full. Saying the same again is quiet. */
  set(isFull: boolean): void {
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#say();
  }

  /** Lets go of the sources: a server that is gone holds nobody back. */
  close(): void {
    this.set(false);
    this.#leave();
  }

  #say(): void {
    say(this.#bus, 'infra-monitoring:pressure', { server: this.#server, full: this.#isFull });
  }
}

/** Says on the bus how long what a server was handed may be unconfirmed: the checkpoints of its sources stay behind. */
export class WindowSource {
  readonly #bus: Bus;
  readonly #server: string;
  readonly #leave: () => void;
  #ms: number;

  /** `server` is the id of the config node, `ms` its window at first. */
  constructor(bus: Bus, server: string, ms: number) {
    this.#bus = bus;
    this.#server = server;
    this.#ms = ms;
    this.#leave = whenAsked(bus, 'infra-monitoring:window', () => this.#say());
    this.#say();
  }

  /** Says another window. Saying the same again is quiet. */
  set(ms: number): void {
    if (ms === this.#ms) return;
    this.#ms = ms;
    this.#say();
  }

  /** Answers no more. What was said stays in force: a redeploy must not let a checkpoint jump ahead. */
  close(): void {
    this.#leave();
  }

  #say(): void {
    say(this.#bus, 'infra-monitoring:window', { server: this.#server, ms: this.#ms });
  }
}

/** What a `graylog-server` does for its sources. */
export interface ServerSide {
  /** Resolves once everything that was taken by now is confirmed or on disk. */
  settle(): Promise<void>;
  /** Counts records as dropped that a source lost. */
  countLost(count: number): void;
}

/** Answers the sources of the server with this id. Returns a function that stops it. */
export function answerSources(bus: Bus, server: string, side: ServerSide): () => void {
  const isMeant = (servers: Reach): boolean => servers === 'all' || servers.has(server);
  const leave = [
    hear(bus, 'infra-monitoring:settle', ({ servers, until }) => {
      if (isMeant(servers)) until(side.settle());
    }),
    hear(bus, 'infra-monitoring:lost', ({ servers, count }) => {
      if (isMeant(servers)) side.countLost(count);
    }),
  ];
  return () => {
    for (const stop of leave) stop();
  };
}
