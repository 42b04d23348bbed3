import { Session } from 'node:inspector/promises';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { HeapJudge } from '../heap-judge.ts';

/** How often the heap is asked for what is in it, in ms. */
const LOOK_MS = 100;
/** Nobody has asked for so long: nothing is watched any more, in ms. */
const IDLE_MS = 5_000;

/** Watches the heap of this process, as long as somebody asks. */
export class HeapRoom {
  #judge: HeapJudge | undefined;
  #observer: PerformanceObserver | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #isCollecting = false;

  /** Whether msgs pile up in the heap, or it is nearly full. */
  isTight(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs >= LOOK_MS) this.#look(nowMs);
    // What the collection will tell is not known before it has been.
    return this.#isCollecting || this.#judge?.isTight === true;
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#judge = undefined;
  }

  #look(nowMs: number): void {
    this.#lookedMs = nowMs;
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    this.#judge ??= new HeapJudge(limitBytes, usedBytes);
    if (this.#judge.used(usedBytes, nowMs) && !this.#isCollecting) void this.#collect();
    this.#observer ??= this.#observe();
    this.#idle?.refresh();
    this.#idle ??= setTimeout(() => this.#rest(), IDLE_MS).unref();
  }

  #observe(): PerformanceObserver {
    const observer = new PerformanceObserver((list) => {
      // Node.js' types leave the detail out.
      const entries = list.getEntries() as { detail?: { kind?: number } }[];
      const isFull = entries.some(({ detail }) => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR);
      if (isFull) this.#hearCollected();
    });
    observer.observe({ entryTypes: ['gc'] });
    return observer;
  }

  #hearCollected(): void {
    this.#judge?.collected(getHeapStatistics().used_heap_size, performance.now());
  }

  /** Has the garbage collected. Node.js offers that to its own inspector, in the process itself. */
  async #collect(): Promise<void> {
    this.#isCollecting = true;
    const session = new Session();
    try {
      session.connect();
      await session.post('HeapProfiler.collectGarbage');
      this.#hearCollected();
    } catch {
      // Built without it: the engine collects when it wants to.
    } finally {
      session.disconnect();
      this.#isCollecting = false;
    }
  }

  /** What was at rest before counts again when there is something to send. */
  #rest(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#idle = undefined;
  }
}
