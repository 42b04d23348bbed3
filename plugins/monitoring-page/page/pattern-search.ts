const DEADLINE_MS = 200;

/** A search by a pattern that may take as long as it likes: after 200 ms it is ended. */
export class PatternSearch {
  readonly #address: string;
  #worker: Worker | undefined;

  /** `address` is that of the worker's script. */
  constructor(address: string) {
    this.#address = address;
  }

  /** Which texts fit; undefined where the pattern took too long, or another search came. */
  async find(source: string, texts: readonly string[]): Promise<ReadonlySet<number> | undefined> {
    this.#worker?.terminate();
    const worker = new Worker(this.#address);
    this.#worker = worker;
    const found = await new Promise<readonly number[] | undefined>((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      worker.onmessage = ({ data }: MessageEvent<readonly number[]>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = () => resolve(undefined);
      // The time that a worker takes to start is not the pattern's.
      timer = setTimeout(() => resolve(undefined), DEADLINE_MS + 300);
      worker.postMessage({ source, texts });
    });
    worker.terminate();
    return this.#worker === worker && found !== undefined ? new Set(found) : undefined;
  }
}
