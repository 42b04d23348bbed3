import { type ChildProcess, spawn } from 'node:child_process';
import { Backoff } from '../../../../lib/backoff.ts';
import { type JournalEntry, parseEntry } from '../../message/journal-entry.ts';
import type { Start } from '../../settings.ts';

/** Where reading goes on: after an entry, or where none was read yet, from a time (microseconds since the epoch). */
export interface JournalPosition {
  cursor?: string;
  sinceMicros?: number;
}

export interface JournalOptions {
  /** The folder of the journal's files; undefined for this host's own. */
  folder: string | undefined;
  start: Start;
  saved: JournalPosition | undefined;
  /** No more are read before it resolves. */
  onEntries(entries: JournalEntry[], position: JournalPosition): Promise<void>;
  /** The first position, before any entry. */
  onPosition(position: JournalPosition): Promise<void>;
  onFollowing(): void;
  onFault(reason: string): void;
}

export interface JournalReader {
  pause(paused: boolean): void;
  stop(): Promise<void>;
}

/** The syslog facilities auth and authpriv (RFC 5424, 6.2.1), which matches on one field join with "or". */
const FACILITIES = ['SYSLOG_FACILITY=4', 'SYSLOG_FACILITY=10'];
/** journalctl that ran so long worked: the next fault is a new one. */
const STEADY_MS = 2000;

/** Follows the systemd journal with `journalctl` as a child process, which is started again when it ends. */
export function followJournal(options: JournalOptions): JournalReader {
  const backoff = new Backoff();
  let position = firstPosition(options);
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  let isPaused = false;
  let isStopped = false;
  let ended: Promise<void> = Promise.resolve();
  let isHandingOn = false;
  let handedOn: Promise<void> = Promise.resolve();

  const pauseOrResume = (): void => {
    if (isPaused || isHandingOn) child?.stdout?.pause();
    else child?.stdout?.resume();
  };

  const start = (): void => {
    const started = spawn('journalctl', journalArguments(options.folder, position), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let rest = '';
    let complaint = '';
    const steady = setTimeout(() => {
      backoff.reset();
      options.onFollowing();
    }, STEADY_MS);
    started.stdout.setEncoding('utf8');
    started.stdout.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      const entries = lines.map(parseEntry).filter((entry) => entry !== undefined);
      const last = entries.at(-1);
      if (last === undefined || isStopped) return;
      position = { cursor: last.cursor };
      isHandingOn = true;
      pauseOrResume();
      handedOn = options.onEntries(entries, position).then(() => {
        isHandingOn = false;
        pauseOrResume();
      });
    });
    pauseOrResume();
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-500);
    });
    ended = new Promise((resolve) => {
      const over = (reason: string): void => {
        clearTimeout(steady);
        resolve();
        if (isStopped || again !== undefined) return;
        options.onFault(reason);
        // A cursor that journalctl does not take is of another journal: the time is what is left to go on from.
        if (/cursor/i.test(complaint)) position = { sinceMicros: cursorMicros(position.cursor) };
        again = setTimeout(() => {
          again = undefined;
          start();
        }, backoff.next());
      };
      started.on('error', (error) => over(error.message));
      started.on('close', (code) => over(complaint.trim().split('\n').at(-1) || `journalctl ended with ${code}`));
    });
  };

  void options.onPosition(position);
  start();
  return {
    pause(paused) {
      isPaused = paused;
      pauseOrResume();
    },
    async stop() {
      isStopped = true;
      clearTimeout(again);
      child?.stdout?.destroy();
      child?.kill();
      await Promise.all([ended, handedOn]);
    },
  };
}

function firstPosition({ start, saved }: JournalOptions): JournalPosition {
  if (start === 'beginning') return {};
  if (start === 'checkpoint' && saved !== undefined) return saved;
  return { sinceMicros: Date.now() * 1000 };
}

/** The time in a cursor (`t=`, hexadecimal microseconds); now where it has none. */
function cursorMicros(cursor: string | undefined): number {
  const hex = /;t=([0-9a-f]+)/.exec(cursor ?? '')?.[1];
  return hex === undefined ? Date.now() * 1000 : Number.parseInt(hex, 16);
}

function journalArguments(folder: string | undefined, { cursor, sinceMicros }: JournalPosition): string[] {
  // Without --all a value over 4 KiB comes as null.
  const common = ['--output=json', '--all', '--follow', '--no-tail', '--no-pager', '--quiet'];
  if (folder !== undefined) common.push(`--directory=${folder}`);
  if (cursor !== undefined) common.push(`--after-cursor=${cursor}`);
  else if (sinceMicros !== undefined) common.push(`--since=@${(sinceMicros / 1e6).toFixed(6)}`);
  return [...common, ...FACILITIES];
}
