/** The part of the npm package `tail` that is used here; its own typings leave out what a subclass must override. */
declare module 'tail' {
  import type { EventEmitter } from 'node:events';

  export interface TailOptions {
    nLines?: number;
    follow?: boolean;
    useWatchFile?: boolean;
    fsWatchOptions?: { persistent?: boolean; interval?: number };
  }

  export class Tail extends EventEmitter {
    constructor(filename: string, options?: TailOptions);
    /** The FSWatcher that the class keeps to itself; absent while it polls. */
    protected watcher?: EventEmitter;
    protected change(): void;
    protected rename(filename: string | null): void;
    protected latestPosition(): number;
    unwatch(): void;
  }
}
