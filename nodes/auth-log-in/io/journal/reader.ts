import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Backoff } from '../../../../lib/backoff.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import { WakeableWait, wait } from '../../../../lib/io/wait.ts';
import { type JournalEntry, parseEntry } from '../../journal/entry.ts';
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

  /** Ends it. Resolves when nothing more will be called and journalctl has ended. */
  stop(): Promise<void> {
    this.#stop.abort();
    return this.#ended;
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
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINT_LENGTH);
    });
    const end = (): void => {
      // Where nobody reads the rest of its output, `close` would not come.
      child.stdout.destroy();
      child.kill();
    };
    const steady = setTimeout(() => {
      this.#backoff.reset();
      this.#options.onFollowing();
    }, STEADY_MS);
    signal.addEventListener('abort', end);
    try {
      for await (const lines of readLines(child.stdout)) await this.#handOn(lines);
      return await fault;
    } finally {
      clearTimeout(steady);
      signal.removeEventListener('abort', end);
      end();
      // A cursor that journalctl does not take is of another journal: the time is what is left to go on from.
      if (/cursor/i.test(complaint))
        this.#position = { sinceMicros: cursorMicros(this.#position.cursor) ?? nowMicros() };
    }
  }

  async #handOn(lines: string[]): Promise<void> {
    const { signal } = this.#stop;
    const entries = lines.map(parseEntry).filter((entry) => entry !== undefined);
    while (this.#isPaused && !signal.aborted) await this.#resumed.for();
    const last = entries.at(-1);
    if (last === undefined || signal.aborted) return;
    this.#position = { cursor: last.cursor };
    await this.#options.onEntries(entries, this.#position);
  }
}

/** The finished lines of each chunk of `output`. Ends with it, also where it breaks off: the end of its process says why. */
async function* readLines(output: Readable): AsyncGenerator<string[]> {
  let rest = '';
  try {
    for await (const chunk of output.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield lines;
    }
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
  if (start === 'checkpoint' && saved !== undefined) return saved;
  if (start === 'checkpoint' && lostSinceMs !== undefined) return { sinceMicros: lostSinceMs * 1000 };
  return { sinceMicros: nowMicros() };
}

function nowMicros(): number {
  return Date.now() * 1000;
}
