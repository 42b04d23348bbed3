import { Backoff } from '../../../../lib/backoff.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import type { Start } from '../../../../lib/file/start.ts';
import { withTimeout } from '../../../../lib/io/timeout.ts';
import { WakeableWait, wait } from '../../../../lib/io/wait.ts';
import { followArguments, printArguments } from '../../journal/arguments.ts';
import { type Cursor, parseCursor } from '../../journal/cursor.ts';
import { type JournalEntry, toEntry } from '../../journal/entry.ts';
import { ExportSplitter, type JournalFields } from '../../journal/export-format.ts';
import {
  type Behind,
  findBehind,
  isAfter,
  type JournalPosition,
  positionMicros,
  sequencesOf,
} from '../../journal/position.ts';
import { findJournalFiles, isSamePlace, type JournalFiles } from './files.ts';
import { runJournalctl } from './journalctl.ts';

export interface FoundJournal {
  /** The group whose members see all entries, where this process does not. */
  deniedTo: string | undefined;
  /** Whether journald has not made any file yet. */
  isEmpty: boolean;
}

export interface JournalOptions {
  /** Where the host's `/` is mounted. */
  hostRoot: string;
  start: Start;
  /** Where an earlier run left off. */
  saved: JournalPosition | undefined;
  /** Where that was lost: what was logged before (ms since the epoch) was in it. */
  lostSinceMs?: number | undefined;
  /** Takes entries in order, with the position after them. No more are read before it resolves. */
  onEntries(entries: JournalEntry[], position: JournalPosition): Promise<void>;
  /** Takes the first position, before any entry. */
  onPosition(position: JournalPosition): Promise<void>;
  /** Hears, each time that journalctl begins, what there is to read. */
  onBegin(found: FoundJournal): void;
  /** Hears that entries are read. */
  onFollowing(): void;
  onFault(error: unknown): void;
  /** How often to look whether journald writes where a journalctl that follows does not see it, in ms. */
  lookMs?: number;
}

/** How often to look whether journald writes where a journalctl that follows does not see it, in ms. */
const LOOK_MS = 60_000;
/** How long to wait between two looks at entries that are older than those that were read before, in ms. */
const LEAST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;
/** To read them takes at most this part of the time. */
const BUSY_SHARE = 1 / 20;
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
  /** The numberings that are read as far as the position says, once an entry was read after it. */
  #sequences: readonly string[] | undefined;
  /** The numbers up to which entries of a numbering were handed on while the clock was behind. */
  readonly #passed = new Map<string, number>();
  /** Up to there entries were handed on before journalctl began; undefined once a later one has come. */
  #handedOn: Cursor | undefined;

  /** Begins at once. */
  constructor(options: JournalOptions) {
    this.#options = options;
    this.#position = firstPosition(options);
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
      const fault = await this.#readOnce().catch((error: unknown) => error);
      if (signal.aborted) return;
      if (fault === undefined) continue;
      this.#options.onFault(fault);
      await wait(this.#backoff.next(), signal);
    }
  }

  /** Reads until journalctl ends. Resolves with what went wrong; with undefined where it is to be started again at once. */
  async #readOnce(): Promise<unknown> {
    const { hostRoot, onPosition, onBegin } = this.#options;
    const found = await findJournalFiles(hostRoot);
    if (this.#stop.signal.aborted) return undefined;
    this.#sequences = sequencesOf(found.files);
    // What was begun since a position is not read yet.
    if (this.#position.sequences === undefined) this.#position = this.#at(this.#position);
    void onPosition(this.#position);
    onBegin(found);
    const behind = findBehind(this.#position, found.files, Date.now());
    return behind === undefined ? this.#follow(found) : this.#readBehind(found, behind);
  }

  /** Follows the journal from the position on. */
  async #follow(found: JournalFiles): Promise<unknown> {
    const { hostRoot, lookMs = LOOK_MS } = this.#options;
    this.#handedOn = parseCursor(this.#position.cursor);
    const moved = new AbortController();
    const look = setInterval(async () => {
      const now = await findJournalFiles(hostRoot);
      const isOther = !isSamePlace(found, now) || (found.isEmpty && !now.isEmpty);
      if (isOther || findBehind(this.#position, now.files, Date.now()) !== undefined) moved.abort();
    }, lookMs);
    look.unref();
    const begin = { hostRoot, machineId: found.machineId };
    const take = async (entries: JournalEntry[]): Promise<void> => {
      const later = entries.filter((entry) => this.#isLater(entry));
      const cursor = later.at(-1)?.cursor;
      if (cursor !== undefined) await this.#handOn(later, () => this.#at({ cursor }));
    };
    try {
      const signal = AbortSignal.any([this.#stop.signal, moved.signal]);
      const fault = await this.#runJournalctl(followArguments(begin, this.#position), signal, take);
      return moved.signal.aborted ? undefined : (fault ?? new MonitoringError('JOURNALCTL_ENDED', { code: '0' }));
    } finally {
      clearInterval(look);
    }
  }

  /**
   * Reads what was begun with a clock behind the time of the position, as often as the clock is behind: who follows sees only
   * what is later than the entry before. The position stays where it is until then.
   */
  async #readBehind({ machineId }: JournalFiles, { sinceMicros, isOver }: Behind): Promise<unknown> {
    const beganMs = performance.now();
    const { hostRoot } = this.#options;
    const position = this.#position;
    let reached = position;
    const take = (entries: JournalEntry[]): Promise<void> => {
      const unread = entries.filter((entry) => this.#isUnread(entry));
      for (const { cursor } of entries) if (isAfter(cursor, reached)) reached = this.#at({ cursor });
      return this.#handOn(unread, () => position);
    };
    const known = parseCursor(position.cursor);
    if (known !== undefined && !this.#passed.has(known.sequence)) this.#passed.set(known.sequence, known.number);
    const printed = printArguments({ hostRoot, machineId }, { sinceMicros });
    const fault = await this.#runJournalctl(printed, this.#stop.signal, take);
    if (fault !== undefined) return fault;
    this.#options.onFollowing();
    if (isOver) {
      this.#passed.clear();
      this.#position = this.#at(reached);
      return undefined;
    }
    const pauseMs = (performance.now() - beganMs) / BUSY_SHARE;
    await wait(Math.min(Math.max(pauseMs, LEAST_PAUSE_MS), LONGEST_PAUSE_MS), this.#stop.signal);
    return undefined;
  }

  async #runJournalctl(
    words: string[],
    signal: AbortSignal,
    take: (entries: JournalEntry[]) => Promise<void>,
  ): Promise<unknown> {
    const splitter = new ExportSplitter();
    const { error, isCursorRefused } = await runJournalctl({
      arguments: words,
      signal,
      onChunk: async (chunk) => {
        const entries: JournalFields[] = [];
        try {
          splitter.push(chunk, entries);
        } finally {
          await take(entries.map(toEntry));
        }
      },
      onSteady: () => {
        this.#backoff.reset();
        this.#options.onFollowing();
      },
    });
    // A cursor that journalctl does not take is of another journal: the time is what is left to go on from.
    if (isCursorRefused) this.#position = this.#at({ sinceMicros: timeOf(this.#position) });
    return error;
  }

  async #handOn(entries: JournalEntry[], position: () => JournalPosition): Promise<void> {
    const { signal } = this.#stop;
    while (this.#isPaused && !signal.aborted) await this.#resumed.for();
    if (entries.length === 0 || signal.aborted) return;
    this.#position = position();
    await this.#options.onEntries(entries, this.#position);
  }

  /** Whether it is later than what was handed on before journalctl began, which begins with the last of them. */
  #isLater({ at }: JournalEntry): boolean {
    if (at === undefined) return true;
    if (this.#sequences?.includes(at.sequence) === false) this.#sequences = [...this.#sequences, at.sequence];
    const known = this.#handedOn;
    if (known === undefined || known.sequence !== at.sequence) return true;
    if (at.number <= known.number) return false;
    this.#handedOn = undefined;
    return true;
  }

  /** Whether it was not handed on by an earlier look. */
  #isUnread({ at }: JournalEntry): boolean {
    if (at === undefined) return true;
    if (at.number <= (this.#passed.get(at.sequence) ?? -1)) return false;
    this.#passed.set(at.sequence, at.number);
    return true;
  }

  #at(position: JournalPosition): JournalPosition {
    return this.#sequences === undefined ? position : { ...position, sequences: this.#sequences };
  }
}

function firstPosition({ start, saved, lostSinceMs }: JournalOptions): JournalPosition {
  if (start === 'beginning') return {};
  if (start !== 'checkpoint') return { sinceMicros: timeOf({}) };
  if (saved === undefined) return { sinceMicros: lostSinceMs === undefined ? timeOf({}) : lostSinceMs * 1000 };
  // A time that is still to come was saved while the clock was wrong: until then nothing would be read.
  return saved.sinceMicros === undefined ? saved : { ...saved, sinceMicros: timeOf(saved) };
}

/** The time of a position, in microseconds since the epoch; now where it has none, or one that is still to come. */
function timeOf(position: JournalPosition): number {
  const nowMicros = Date.now() * 1000;
  return Math.min(positionMicros(position) ?? nowMicros, nowMicros);
}
