import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { MonitoringError } from '../../../../lib/errors.ts';
import { SerialQueue } from '../../../../lib/serial-queue.ts';

/** Two files of this size at most: the one that is written, and the one before it. */
const MAX_BYTES = 2_097_152;
const SAY_MS = 3_600_000;

/** The file beside the folders of a server's buffers: one for all ports. */
export function refusedPath(bufferFolder: string): string {
  const name = basename(bufferFolder).replace(/^buffer-/, 'refused-');
  return join(dirname(bufferFolder), `${name.replace(/-(main|\d+)$/, '')}.ndjson`);
}

/** The documents that no endpoint takes, one a line, with the reason, for people to look at. */
export class RefusedFile {
  readonly #path: string | undefined;
  readonly #onRefused: (error: MonitoringError) => void;
  readonly #writes = new SerialQueue();
  #unsaid = 0;
  #nextSayMs = 0;

  /** Without a path nothing is written, and it is said all the same. */
  constructor(path: string | undefined, onRefused: (error: MonitoringError) => void) {
    this.#path = path;
    this.#onRefused = onRefused;
  }

  /** Keeps the document and says so: the first at once, later ones by their number, once an hour. Never rejects. */
  async add(text: string, why: string): Promise<void> {
    this.#unsaid += 1;
    const line = `${JSON.stringify({ time: new Date().toISOString(), reason: why, document: text })}\n`;
    const fault: unknown = await this.#writes.run(() => this.#write(line)).catch((error: unknown) => error);
    const nowMs = performance.now();
    if (nowMs < this.#nextSayMs || this.#unsaid === 0) return;
    this.#nextSayMs = nowMs + SAY_MS;
    const values = { count: this.#unsaid, why, path: fault === undefined ? (this.#path ?? '-') : '-' };
    this.#unsaid = 0;
    this.#onRefused(new MonitoringError('RECORDS_REFUSED', values));
  }

  async #write(line: string): Promise<undefined> {
    const path = this.#path;
    if (path === undefined) return;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0 && size + line.length > MAX_BYTES) await rename(path, `${path}.1`);
    await appendFile(path, line, { mode: 0o600 });
  }
}
