import { constants, fstatSync, ftruncateSync, renameSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MonitoringError } from '../../../../lib/errors.ts';
import { orAbort } from '../../../../lib/io/abort.ts';
import { withTimeout } from '../../../../lib/io/timeout.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { Ending, Outgoing, SendResult, Transport } from './transport.ts';

export interface FileOptions {
  /** The size in bytes at which the file becomes `<path>.1`, whose records are dropped then. Both take twice as much. */
  maxBytes: number;
}

/** A disk that hangs must not hold the close up. */
const SYNC_MS = 2_000;
const OWNER_ONLY = 0o600;
const NEWLINE = 10;
/** Not truncated, not waited for where it is a pipe. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/**
 * A file of GELF documents, one a line, for its owner only. What is written is delivered: it survives a `kill -9`, and a
 * power cut from the close on. Several transports may write to one file, as the ports of a server do: each write is
 * appended whole, and what decides on a rotation happens in one turn of the event loop.
 */
export class FileTransport implements Transport {
  readonly confirms = 'batch';
  readonly #path: string;
  readonly #options: FileOptions;
  readonly #lost = new AbortController();
  readonly #closing = new AbortController();
  #file: FileHandle | undefined;
  /** Whether the file ends within a line that was cut by a crash or a full disk. */
  #isCut = false;

  constructor({ path }: Pick<Endpoint, 'path'>, options: FileOptions) {
    this.#path = path;
    this.#options = options;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async open(signal: AbortSignal): Promise<void> {
    const opening = this.#openFile();
    await orAbort(opening, signal).catch((error) => {
      // It may come to be open after all, when nobody wants it any more.
      opening.then(() => this.#file?.close()).catch(() => undefined);
      throw signal.aborted ? new MonitoringError('CLOSED') : error;
    });
  }

  async send({ texts }: Outgoing): Promise<SendResult> {
    try {
      await orAbort(this.#append(Buffer.from(`${texts.join('\n')}\n`)), this.#closing.signal);
      return { sent: texts.length };
    } catch (error) {
      const failure = this.#closing.signal.aborted ? new MonitoringError('CLOSED') : error;
      if (!this.#closing.signal.aborted) this.#lost.abort(failure);
      return { sent: 0, failure };
    }
  }

  async close(): Promise<Ending> {
    this.#closing.abort();
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return { isRead: true };
    return { isRead: await withTimeout(endFile(file), SYNC_MS, () => false) };
  }

  async #openFile(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await open(this.#path, FLAGS, OWNER_ONLY);
    try {
      const { size, mode } = await requireFile(file, this.#path);
      if ((mode & 0o777) !== OWNER_ONLY) await file.chmod(OWNER_ONLY).catch(() => undefined);
      const end = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      // Another writer may have begun the file since its size was asked for.
      this.#isCut = size > 0 && end.bytesRead === 1 && end.buffer[0] !== NEWLINE;
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#file = file;
  }

  async #append(lines: Buffer): Promise<void> {
    await this.#renewFile(lines.length);
    const file = this.#file;
    if (file === undefined) throw new MonitoringError('CLOSED');
    const bytes = this.#isCut ? Buffer.concat([Buffer.of(NEWLINE), lines]) : lines;
    const { size } = await file.stat();
    let written = 0;
    try {
      while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
      this.#isCut = false;
    } catch (error) {
      this.#isCut ||= !takeBack(file.fd, size, written);
      throw error;
    }
  }

  /** Opens the file anew where it was moved or deleted, and where it is full: then it is moved aside first. */
  async #renewFile(bytes: number): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    const [open, there] = await Promise.all([file.stat(), stat(this.#path).catch(() => undefined)]);
    const isOurs = there?.ino === open.ino && there.dev === open.dev;
    if (isOurs && (open.size === 0 || open.size + bytes <= this.#options.maxBytes)) return;
    if (isOurs) moveAside(this.#path, open.ino);
    this.#file = undefined;
    await endFile(file);
    await this.#openFile();
  }
}

async function requireFile(file: FileHandle, path: string) {
  const found = await file.stat();
  if (!found.isFile()) throw new MonitoringError('NOT_REGULAR_FILE', { code: 'EINVAL', path });
  return found;
}

/** Moves the file to `<path>.1`, unless another writer has just done so. In one turn: nobody can do it in between. */
function moveAside(path: string, inode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.ino === inode) renameSync(path, `${path}.1`);
}

/** Cuts off what was written of a batch, unless another writer has written since. Gives whether no part of it is left. */
function takeBack(descriptor: number, size: number, written: number): boolean {
  if (written === 0) return true;
  try {
    if (fstatSync(descriptor).size !== size + written) return false;
    ftruncateSync(descriptor, size);
    return true;
  } catch {
    return false;
  }
}

async function endFile(file: FileHandle): Promise<boolean> {
  const isSynced = await file.sync().then(
    () => true,
    () => false,
  );
  await file.close().catch(() => undefined);
  return isSynced;
}
