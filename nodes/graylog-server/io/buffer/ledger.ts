import { type FileHandle, open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type BootClock, parseClock } from './age-clock.ts';
import { parseBatchKey } from './batch-key.ts';

/** What a store should hold, kept outside of it: what damage took away is known by that. */
export interface LedgerEntry {
  /** The batches from `first` to before `next` in the order hold so many messages. */
  readonly first: number;
  readonly next: number;
  readonly records: number;
  readonly clocks: readonly BootClock[];
}

/** One block of a disk: written at once or not at all. */
const LENGTH = 4_096;

export function ledgerPath(folder: string): string {
  return `${folder}.ledger`;
}

/** What was noted last of the store in `folder`; undefined where nothing was, or it is damaged itself. */
export async function readLedger(folder: string): Promise<LedgerEntry | undefined> {
  try {
    const [sum, ...rest] = (await readFile(ledgerPath(folder), 'utf8')).split(' ');
    const text = rest.join(' ').trimEnd();
    return sum === String(crc32(text)) ? parseEntry(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

function parseEntry(value: unknown): LedgerEntry | undefined {
  const { first, next, records, clocks } = (value ?? {}) as { [name: string]: unknown };
  if (![first, next, records].every(Number.isSafeInteger) || !Array.isArray(clocks)) return undefined;
  const known = clocks.map(parseClock).filter((clock) => clock !== undefined);
  return { first: first as number, next: next as number, records: records as number, clocks: known };
}

/** How many of the messages that were noted are not among the batches with these keys. */
export async function missingOf({ first, next, records }: LedgerEntry, keys: AsyncIterable<string>): Promise<number> {
  let found = 0;
  for await (const text of keys) {
    const key = parseBatchKey(text);
    if (key !== undefined && key.sequence >= first && key.sequence < next) found += key.count;
  }
  return Math.max(0, records - found);
}

/**
 * The open ledger of a store: one line, written over at every change, since it lives through a `kill -9` without being
 * synced. It never promises more than the store was told: a kill between the two must not look like damage.
 */
export class Ledger {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Undefined where the disk gives no room for it: the store is used without. */
  static async open(folder: string): Promise<Ledger | undefined> {
    const path = ledgerPath(folder);
    const file = await open(path, 'r+', 0o600)
      .catch(() => open(path, 'w+', 0o600))
      .catch(() => undefined);
    await file?.chmod(0o600).catch(() => undefined);
    return file === undefined ? undefined : new Ledger(file);
  }

  /** Never rejects: an entry that cannot be written makes the ledger empty, since an old one would be wrong. */
  async write(entry: LedgerEntry): Promise<void> {
    const text = JSON.stringify(entry);
    const line = `${crc32(text)} ${text}`;
    try {
      await this.#file.write(line.padEnd(LENGTH - 1).concat('\n'), 0);
    } catch {
      await this.#file.truncate(0).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}
