import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Backoff } from '../../../../lib/backoff.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import { withTimeout } from '../../../../lib/io/timeout.ts';
import { WakeableWait, wait } from '../../../../lib/io/wait.ts';
import { type JournalEntry, toEntry } from '../../journal/entry.ts';
import { ExportSplitter, type JournalFields } from '../../journal/export-format.ts';
import { cursorMicros, type JournalPosition, journalctlArguments } from '../../journal/position.ts';
import type { Start } from '../../settings.ts';

export interface JournalOptions {
  /** The folder of the journal's files; undefined for this host's own. */
  folder: string | undefined;
  start: Start;
  /** Where an earlier run left off. */
  saved: JournalPosition | undefined;
  /** Where that was lost: what was logged before (ms since the epoch) was in it. */
  lostSinceMs?: number | undefined;
  /** Takes entries in order, with the position after them. No more are read before it resolves. */
  onEntries(entries: JournalEntry[], position: JournalPosition): Promise<void>;
  /** Takes the first position, before any entry. */
  onPosition(position: JournalPosition): Promise<void>;
  onFollowing(): void;
  onFault(error: unknown): void;
}

/** A journalctl that ran so long worked: the next fault is a new one. */
const STEADY_MS = 2000;
/** So many characters of what journalctl complains about are kept. */
const COMPLAINT_LENGTH = 500;
/** How long a stop waits for a journalctl that does not end: one that waits for a disk cannot even be killed. */
const STOP_MS = 2000;

/** Follows the systemd journal with `journalctl` as a child process, which is started again when it ends. */
export class JournalReader {
  readonly #options: JournalOptions;
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff();
  readonly #resumed = new WakeableWait(this.#stop.signal);
  readonly #ended: Promise<void>;
  #position: JournalPosition;
  #isPaused = false;

  /** Begins at once. */
  constructor(options: JournalOptions) {
    this.#options = options;
    this.#position = firstPosition(options);
    void options.onPosition(this.#position);
    this.#ended = this.#run();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#resumed.wake();
  }

  /** Ends it. Resolves when nothing more will be called; journalctl has ended then, unless it cannot be ended. */
  stop(): Promise<void> {
    this.#stop.abort();
    return withTimeout(this.#ended, STOP_MS, () => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const fault = await this.#runJournalctl().catch((error: unknown) => error);
      if (signal.aborted) return;
      this.#options.onFault(fault);
      await wait(this.#backoff.next(), signal);
    }
  }

  /** Runs journalctl once, to its end. Resolves with why it ended. */
  async #runJournalctl(): Promise<unknown> {
    const { signal } = this.#stop;
    const child = spawn('journalctl', journalctlArguments(this.#options.folder, this.#position), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    const fault = new Promise<unknown>((resolve) => {
      child.on('error', resolve);
      child.on('close', (code) => resolve(exitError(code, complaint)));
    });
    const { stdout, stderr } = child;
    // Where no descriptor is free there are no pipes, whatever the types say. An event tells why.
    if (!stdout || !stderr) return fault;
    stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINT_LENGTH);
    });
    stderr.on('error', () => undefined);
    const end = (): void => {
      // Where nobody reads the rest of its output, `close` would not come.
      stdout.destroy();
      stderr.destroy();
      // It only reads: there is nothing that it must bring to an end.
      child.kill('SIGKILL');
    };
    const steady = setTimeout(() => {
      this.#backoff.reset();
      this.#options.onFollowing();
    }, STEADY_MS);
    signal.addEventListener('abort', end);
    try {
      const splitter = new ExportSplitter();
      for await (const chunk of chunksOf(stdout)) await this.#read(splitter, chunk);
      return await fault;
    } finally {
      clearTimeout(steady);
      signal.removeEventListener('abort', end);
      end();
      // A cursor that journalctl does not take is of another journal: the time is what is left to go on from.
      if (/cursor/i.test(complaint))
        this.#position = { sinceMicros: Math.min(cursorMicros(this.#position.cursor) ?? nowMicros(), nowMicros()) };
    }
  }

  async #read(splitter: ExportSplitter, chunk: Buffer): Promise<void> {
    const entries: JournalFields[] = [];
    try {
      splitter.push(chunk, entries);
    } finally {
      await this.#handOn(entries.map(toEntry));
    }
  }

  async #handOn(entries: JournalEntry[]): Promise<void> {
    const { signal } = this.#stop;
    while (this.#isPaused && !signal.aborted) await this.#resumed.for();
    const last = entries.at(-1);
    if (last === undefined || signal.aborted) return;
    this.#position = { cursor: last.cursor };
    await this.#options.onEntries(entries, this.#position);
  }
}

/** The chunks of `output`. Ends with it, also where it breaks off: the end of its process says why. */
async function* chunksOf(output: Readable): AsyncGenerator<Buffer> {
  try {
    yield* output as AsyncIterable<Buffer>;
  } catch {}
}

/** Why journalctl ended: the last line that it complained with, else its exit code. */
function exitError(code: number | null, complaint: string): MonitoringError {
  const text = complaint.trim().split('\n').at(-1);
  return text
    ? new MonitoringError('JOURNALCTL_FAILED', { text })
    : new MonitoringError('JOURNALCTL_ENDED', { code: String(code) });
}

function firstPosition({ start, saved, lostSinceMs }: JournalOptions): JournalPosition {
  if (start === 'beginning') return {};
  if (start !== 'checkpoint') return { sinceMicros: nowMicros() };
  if (saved === undefined) return { sinceMicros: lostSinceMs === undefined ? nowMicros() : lostSinceMs * 1000 };
  // A time that is still to come was saved while the clock was wrong: until then nothing would be read.
  return saved.sinceMicros === undefined ? saved : { sinceMicros: Math.min(saved.sinceMicros, nowMicros()) };
}

function nowMicros(): number {
  return Date.now() * 1000;
}
