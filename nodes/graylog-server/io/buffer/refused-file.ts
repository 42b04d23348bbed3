import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MonitoringError } from '../../../../lib/errors.ts';
import { SerialQueue } from '../../../../lib/serial-queue.ts';
import { HourlyCount } from './hourly-count.ts';

/** Two files of this size at most: the one that is written, and the one before it. */
const MAX_BYTES = 2_097_152;

/** The file beside the folders of a server's buffers: one for all ports. */
export function refusedPath(bufferFolder: string): string {
  const name = basename(bufferFolder).replace(/^buffer-/, 'refused-');
  return join(dirname(bufferFolder), `${name.replace(/-(main|\d+)$/, '')}.ndjson`);
}

/** The documents that no endpoint takes, one a line, with the reason, for people to look at. */
export class RefusedFile {
  readonly #path: string | undefined;
  readonly #writes = new SerialQueue();
  readonly #notice: HourlyCount;
  #last = { why: '', path: '-' };

  /** Without a path nothing is written, and it is said all the same. */
  constructor(path: string | undefined, onRefused: (error: MonitoringError) => void) {
    this.#path = path;
    this.#notice = new HourlyCount((count) =>
      onRefused(new MonitoringError('RECORDS_REFUSED', { count, ...this.#last })),
    );
  }

  /** Keeps the document and says so: the first at once, later ones by their number, once an hour. Never rejects. */
  async add(text: string, why: string): Promise<void> {
    const line = `${JSON.stringify({ time: new Date().toISOString(), reason: why, document: text })}\n`;
    const isWritten = await this.#writes.run(() => this.#write(line)).catch(() => false);
    this.#last = { why, path: isWritten ? String(this.#path) : '-' };
    this.#notice.add(1);
  }

  async #write(line: string): Promise<boolean> {
    const path = this.#path;
    if (path === undefined) return false;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0 && size + line.length > MAX_BYTES) await rename(path, `${path}.1`);
    await appendFile(path, line, { mode: 0o600 });
    return true;
  }
}
