import { SerialQueue } from '../../../lib/serial-queue.ts';

/** The way to one address: one request at a time, and no sooner than the service wants it. */
export class Lane {
  readonly queue = new SerialQueue();
  /** In ms since the epoch, by the clock of who uses it. */
  freeAtMs = 0;
}
