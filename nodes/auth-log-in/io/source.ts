import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reason } from '../../../lib/errors.ts';
import { sendInBatches } from '../../../lib/io/event-loop.ts';
import { StateFile } from '../../../lib/io/state-file.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import type { Arguments, State } from '../../../lib/status.ts';
import type { Position } from '../file/position.ts';
import { createLineReader } from '../message/record.ts';
import type { Settings } from '../settings.ts';
import { FileFollower } from './file/follow.ts';
import { followJournal, type JournalPosition } from './journal/reader.ts';
import { SourceCheckpoint } from './source-checkpoint.ts';

export interface SourceOptions {
  settings: Settings;
  /** The name of this host, for the records. */
  host: string;
  /** Where the host's `/` is mounted. */
  hostRoot: string;
  userDir: string;
  /** What the checkpoint is kept under. */
  name: string;
  onRecords(records: InfraRecord[]): void;
  /** How many records may be handed on in one turn of the event loop. */
  perTurn(): number;
  /** A state under a key of the catalogue. */
  onStatus(state: State, key: string, args: Arguments): void;
  /** Something to tell once, under a key of the catalogue. */
  onWarning(key: string, args: Arguments): void;
  /** See `FollowOptions`. */
  holdMs?: number;
}

export interface Source {
  pause(paused: boolean): void;
  stop(): Promise<void>;
}

interface Saved {
  file?: Position;
  journal?: JournalPosition;
}

/** How often to look for a log where there is none at all, in ms. */
const SEARCH_MS = 2000;

/** The log that a host has: the first of two files, else the journal; undefined where there is none yet. */
function findLog(hostRoot: string): string | undefined {
  const files = ['var/log/auth.log', 'var/log/secure'].map((path) => join(hostRoot, path));
  const found = files.find((path) => existsSync(path));
  return found ?? (journalFolder(hostRoot) === undefined ? undefined : 'journal');
}

function journalFolder(hostRoot: string): string | undefined {
  return ['var/log/journal', 'run/log/journal'].map((path) => join(hostRoot, path)).find((path) => existsSync(path));
}

/** Opens the log of the settings and turns its lines into records until it is stopped. Reports, never throws. */
export function openSource(options: SourceOptions): Source {
  const { settings, hostRoot } = options;
  let opened: Source | undefined;
  let isPaused = false;

  const tryToOpen = (): void => {
    const log = settings.file ?? findLog(hostRoot);
    if (log === undefined) {
      options.onStatus('fault', 'status.none', { folder: join(hostRoot, 'var/log') });
      return;
    }
    clearInterval(search);
    opened = log === 'journal' ? openJournal(options) : openFile(options, log);
    opened.pause(isPaused);
  };
  const search = setInterval(tryToOpen, SEARCH_MS);
  tryToOpen();
  return {
    pause(paused) {
      isPaused = paused;
      opened?.pause(paused);
    },
    async stop() {
      clearInterval(search);
      await opened?.stop();
    },
  };
}

function openCheckpoint(options: SourceOptions): { saved: Saved; checkpoint: SourceCheckpoint<Saved> } {
  const file = new StateFile<Saved>(options.userDir, options.name, (value) => value as Saved);
  const found = file.read();
  const saved = typeof found === 'object' && found !== null ? found : {};
  const onFault = (error: unknown): void =>
    options.onWarning('warning.checkpoint', { file: file.path, reason: reason(error) });
  return { saved, checkpoint: new SourceCheckpoint<Saved>(file, found !== undefined, onFault) };
}

function openFile(options: SourceOptions, path: string): Source {
  const { settings } = options;
  const { saved, checkpoint } = openCheckpoint(options);
  const reader = createLineReader({ host: options.host, zone: settings.zone, rawLine: settings.rawLine });
  const follower = new FileFollower({
    path,
    holdMs: options.holdMs,
    start: settings.start,
    saved: saved.file,
    async onLines(lines, modifiedMs, file) {
      await sendInBatches(lines, options.perTurn(), (part) => {
        const records: InfraRecord[] = [];
        for (const { text, id } of part) {
          const record = reader.fromLine(text, id, modifiedMs);
          if (settings.isWanted(record)) records.push(record);
        }
        options.onRecords(records);
      });
      checkpoint.reached({ file });
    },
    onPosition: (file) => checkpoint.begin({ file }),
    onState(state) {
      if (state.state === 'unreadable') {
        options.onStatus('fault', 'status.unreadable', { log: path, reason: reason(state.error) });
      } else if (state.state === 'missing') options.onStatus('fault', 'status.missing', { log: path });
      else options.onStatus('ok', 'status.following', { log: path });
    },
    onLost: () => options.onWarning('warning.lost', { log: path }),
  });
  return stopping(follower, checkpoint);
}

function openJournal(options: SourceOptions): Source {
  const { settings, hostRoot } = options;
  const { saved, checkpoint } = openCheckpoint(options);
  const reader = createLineReader({ host: options.host, zone: settings.zone, rawLine: settings.rawLine });
  const journal = followJournal({
    folder: hostRoot === '/' ? undefined : (journalFolder(hostRoot) ?? join(hostRoot, 'var/log/journal')),
    start: settings.start,
    saved: saved.journal,
    async onEntries(entries, position) {
      await sendInBatches(entries, options.perTurn(), (part) => {
        const records = part.map(({ header, id }) => reader.fromEntry(header, id, Date.now()));
        options.onRecords(records.filter(settings.isWanted));
      });
      checkpoint.reached({ journal: position });
      options.onStatus('ok', 'status.following', { log: 'journal' });
    },
    onPosition: (position) => checkpoint.begin({ journal: position }),
    onFollowing: () => options.onStatus('ok', 'status.following', { log: 'journal' }),
    onFault: (text) => options.onStatus('fault', 'status.unreadable', { log: 'journal', reason: text }),
  });
  return stopping(journal, checkpoint);
}

function stopping(reader: Source, checkpoint: SourceCheckpoint<Saved>): Source {
  return {
    pause: (paused) => reader.pause(paused),
    async stop() {
      await reader.stop();
      await checkpoint.close();
    },
  };
}
