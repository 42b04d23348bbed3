import {
  closeSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { decodeHead, encodeHead, HEAD_BYTES } from '../series/head.ts';
import { HOURS, MINUTES, SeriesStore, type Unit } from '../series/series-store.ts';
import { decodeSlot, encodeSlot, SLOT_BYTES } from '../series/slot.ts';

/** Two heads, of which the newer good one counts; the minutes; the hours. The file is as large from the first day on. */
const HEADS = 2;
const START: { readonly [unit in Unit]: number } = {
  minute: HEADS * HEAD_BYTES,
  hour: HEADS * HEAD_BYTES + MINUTES * SLOT_BYTES,
};
const SIZES: { readonly [unit in Unit]: number } = { minute: MINUTES, hour: HOURS };
export const FILE_BYTES = START.hour + HOURS * SLOT_BYTES;
const SYNC_MS = 300_000;

export interface OpenedSeries {
  readonly store: SeriesStore;
  readonly file: SeriesFile | undefined;
  /** Why what was kept cannot be used, or nothing can be kept. */
  readonly fault: unknown;
}

/** The series in a file of fixed size, which is written over in a circle. */
export class SeriesFile {
  readonly #path: string;
  readonly #store: SeriesStore;
  #generation: number;
  #handle: FileHandle | undefined;
  #nextSyncMs = 0;
  /** Bytes written since the start. */
  written = 0;

  private constructor(path: string, store: SeriesStore, generation: number) {
    this.#path = path;
    this.#store = store;
    this.#generation = generation;
  }

  /** Reads what an earlier run kept. A file that cannot be used is put aside. Never throws. */
  static open(path: string): OpenedSeries {
    const found = readWhole(path);
    const head = found.bytes === undefined ? undefined : newestHead(found.bytes);
    const fault =
      found.fault ??
      (found.bytes !== undefined && head === undefined ? new MonitoringError('UNEXPECTED_TEXT', { path }) : undefined);
    const asideFault = fault === undefined ? undefined : putAside(path, fault);
    const store = new SeriesStore(head?.names);
    if (found.bytes !== undefined && head !== undefined) loadSlots(store, found.bytes);
    try {
      allocate(path);
      return { store, file: new SeriesFile(path, store, head?.generation ?? 0), fault: asideFault };
    } catch (error) {
      return { store, file: undefined, fault: error };
    }
  }

  /** Writes what has changed: some kilobytes. Rejects with the file system's error; then the same is written next time. */
  async write(): Promise<void> {
    const taken = this.#store.takeDirty();
    try {
      this.#handle ??= await open(this.#path, 'r+');
      for (const { bytes, position } of this.#pieces(taken)) {
        await this.#handle.write(bytes, 0, bytes.length, position);
        this.written += bytes.length;
      }
      if (performance.now() < this.#nextSyncMs) return;
      await this.#handle.datasync();
      this.#nextSyncMs = performance.now() + SYNC_MS;
    } catch (error) {
      this.#store.markDirty(taken.steps, taken.names !== undefined);
      throw error;
    }
  }

  /** The same at the end of the process. Throws the file system's error. */
  writeAtEnd(): void {
    const file = openSync(this.#path, 'r+');
    for (const { bytes, position } of this.#pieces(this.#store.takeDirty()))
      writeSync(file, bytes, 0, bytes.length, position);
    closeSync(file);
  }

  #pieces({ steps, names }: ReturnType<SeriesStore['takeDirty']>): { bytes: Buffer; position: number }[] {
    const pieces = steps
      .filter(({ unit, step }) => this.#store.tables[unit].has(step))
      .map(({ unit, step }) => ({
        bytes: encodeSlot(this.#store.tables[unit], step, crc32),
        position: START[unit] + (step % SIZES[unit]) * SLOT_BYTES,
      }));
    if (names === undefined) return pieces;
    this.#generation += 1;
    const bytes = encodeHead({ generation: this.#generation, names }, crc32);
    return [{ bytes, position: (this.#generation % HEADS) * HEAD_BYTES }, ...pieces];
  }

  async close(): Promise<void> {
    await this.#handle?.datasync().catch(() => undefined);
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

function readWhole(path: string): { readonly bytes?: Buffer; readonly fault?: unknown } {
  try {
    const { size } = statSync(path);
    if (size === 0) return {};
    if (size !== FILE_BYTES) throw new MonitoringError('UNEXPECTED_TEXT', { path });
    const bytes = Buffer.alloc(FILE_BYTES);
    const file = openSync(path, 'r');
    try {
      for (let at = 0; at < FILE_BYTES; ) {
        const count = readSync(file, bytes, at, FILE_BYTES - at, at);
        if (count === 0) break;
        at += count;
      }
    } finally {
      closeSync(file);
    }
    return { bytes };
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? {} : { fault: error };
  }
}

function newestHead(bytes: Buffer) {
  const heads = Array.from({ length: HEADS }, (_, index) =>
    decodeHead(bytes.subarray(index * HEAD_BYTES, (index + 1) * HEAD_BYTES), crc32),
  );
  const good = heads.filter((head) => head !== undefined);
  // A file that was allocated and never written is new.
  if (good.length === 0 && bytes.every((byte) => byte === 0)) return { generation: 0, names: [] };
  return good.sort((a, b) => b.generation - a.generation)[0];
}

function loadSlots(store: SeriesStore, bytes: Buffer): void {
  for (const unit of ['minute', 'hour'] as const) {
    for (let place = 0; place < SIZES[unit]; place += 1) {
      const at = START[unit] + place * SLOT_BYTES;
      const slot = decodeSlot(bytes.subarray(at, at + SLOT_BYTES), crc32);
      if (slot !== undefined && slot.step % SIZES[unit] === place) store.load(unit, slot);
    }
  }
}

function allocate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  try {
    // One that was left over keeps its mode.
    fchmodSync(file, 0o600);
    ftruncateSync(file, FILE_BYTES);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Moves a file that cannot be used out of the way: nobody writes over it. Gives what is to be said. */
export function putAside(path: string, cause: unknown): unknown {
  const aside = `${path}.unreadable-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    renameSync(path, aside);
    return new MonitoringError('STATE_SET_ASIDE', { path, aside }, { cause });
  } catch {
    return new MonitoringError('STATE_UNUSABLE', { path }, { cause });
  }
}
