import { crc32 } from 'node:zlib';
import { hex32 } from '../../../lib/file/line-ids.ts';
import type { Line } from '../../../lib/file/line-splitter.ts';
import { markEnded } from '../../../lib/file/position.ts';
import { sendInBatches } from '../../../lib/io/event-loop.ts';
import { FileFollower } from '../../../lib/io/file/follow.ts';
import type { FollowState } from '../../../lib/io/file/follow-options.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import type { AuthCheckpoint } from '../checkpoint.ts';
import { ConnectionMemory } from '../connections/memory.ts';
import { createLineReader, type LineReader } from '../message/record.ts';
import { findArchives } from './file/archives.ts';
import { watchMount } from './file/mount-watch.ts';
import { zoneOfHost } from './host-zone.ts';
import { openCheckpoint, type SourceCheckpoint } from './source-checkpoint.ts';
import type { LogReader, SourceOptions } from './source-options.ts';

/** Turns the lines of a log file into records. */
export class FileSource implements LogReader {
  readonly #options: SourceOptions;
  readonly #path: string;
  readonly #reader: LineReader;
  readonly #connections: ConnectionMemory;
  readonly #checkpoint: SourceCheckpoint<AuthCheckpoint>;
  readonly #follower: FileFollower;
  readonly #stop = new AbortController();
  #state: FollowState | undefined;
  #mount: 'none' | 'alone' | 'moved away' = 'none';

  constructor(options: SourceOptions, path: string) {
    const { host, hostRoot, settings, holdMs } = options;
    const { saved, lostSinceMs, checkpoint } = openCheckpoint(options, path);
    this.#options = options;
    this.#path = path;
    this.#reader = createLineReader({ host, zone: settings.zone || zoneOfHost(hostRoot), rawLine: settings.rawLine });
    this.#connections = new ConnectionMemory(saved?.connections);
    this.#checkpoint = checkpoint;
    this.#follower = new FileFollower({
      path,
      archives: [...(settings.archive === undefined ? [] : [settings.archive]), ...findArchives(path, hostRoot)],
      holdMs,
      start: settings.start,
      saved: saved !== undefined && 'file' in saved ? saved.file : undefined,
      lostSinceMs,
      // A line that stands in two logs is two lines.
      form: { isBytes: false, idStart: `${hex32(crc32(path))}-` },
      onLines: async (lines, modifiedMs, file) => {
        checkpoint.moves();
        await sendInBatches(lines, options.perTurn, (part) => options.onRecords(this.#toRecords(part, modifiedMs)));
        checkpoint.reached(() => ({ file, connections: this.#connections.save() }));
      },
      onPosition: (file) => checkpoint.begin({ file, connections: this.#connections.save() }),
      onState: (state) => this.#report(state),
      onLost: () => options.onWarning('warning.lost', { log: path }),
      onPackedFault: (file, error) => options.onWarning('warning.packed', { file }, error),
    });
    void watchMount({
      path,
      signal: this.#stop.signal,
      mounted: () => this.#setMount('alone', 'warning.mounted'),
      movedAway: () => this.#setMount('moved away', 'warning.movedAway'),
    });
  }

  pause(isPaused: boolean): void {
    this.#follower.pause(isPaused);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const ended = await this.#follower.stop();
    // The checkpoint lags behind, and may name a file that was deleted meanwhile: it is not to be told as lost.
    await this.#checkpoint.close((saved) =>
      'file' in saved ? { ...saved, file: markEnded(saved.file, ({ inode }) => ended.has(inode)) } : saved,
    );
  }

  #toRecords(lines: readonly Line[], modifiedMs: number): InfraRecord[] {
    const { isWanted } = this.#options.settings;
    const records: InfraRecord[] = [];
    for (const { text, id } of lines) {
      const record = this.#reader.fromLine(text, id, modifiedMs);
      this.#connections.note(record, this.#reader.fields);
      if (isWanted(record)) records.push(record);
    }
    return records;
  }

  #setMount(mount: 'alone' | 'moved away', warning: string): void {
    this.#mount = mount;
    this.#options.onWarning(warning, { log: this.#path });
    if (this.#state !== undefined) this.#report(this.#state);
  }

  #report(state: FollowState): void {
    const log = this.#path;
    this.#state = state;
    const { onStatus } = this.#options;
    if (state.state === 'unreadable') onStatus('fault', 'status.unreadable', { log }, state.error);
    else if (state.state === 'missing') onStatus('fault', 'status.missing', { log });
    else if (this.#mount === 'moved away') onStatus('fault', 'status.movedAway', { log });
    else if (this.#mount === 'alone') onStatus('warning', 'status.mounted', { log });
    else onStatus('ok', 'status.lines', { log });
  }
}
