const DEADLINE_MS = 200;
/** A worker that cannot be loaded says nothing. */
const START_MS = 10_000;

/** Looks for a pattern beside the page: where it takes longer than 200 ms for some texts, the search is ended. */
export class PatternSearch {
  readonly #address: string;
  readonly #source: string;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isEnded = false;

  /** `address` is that of the worker's script; `source` a sound pattern. */
  constructor(address: string, source: string) {
    this.#address = address;
    this.#source = source;
  }

  /** Which of the texts fit; undefined where it took too long, now or before. */
  find(texts: readonly string[]): Promise<ReadonlySet<number> | undefined> {
    const found = this.#last.then(() => this.#ask(texts));
    this.#last = found;
    return found;
  }

  close(): void {
    this.#isEnded = true;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #ask(texts: readonly string[]): Promise<ReadonlySet<number> | undefined> {
    if (this.#isEnded) return undefined;
    if (this.#worker === undefined) {
      this.#worker = new Worker(this.#address);
      if ((await answerOf(this.#worker, START_MS)) === undefined) this.close();
    }
    // It may have been ended meanwhile.
    const worker: Worker | undefined = this.#worker;
    worker?.postMessage({ source: this.#source, texts });
    const found = worker && (await answerOf(worker, DEADLINE_MS));
    if (!Array.isArray(found)) {
      this.close();
      return undefined;
    }
    return new Set(found as readonly number[]);
  }
}

/** The next message of a worker; undefined where none comes within so many ms. */
function answerOf(worker: Worker, mostMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), mostMs);
    const end = (answer: unknown): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    worker.onmessage = ({ data }: MessageEvent<unknown>) => end(data);
    worker.onerror = () => end(undefined);
  });
}
