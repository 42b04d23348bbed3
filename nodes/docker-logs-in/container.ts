import type { Readable } from 'node:stream';
import { createBackoff } from '../../lib/backoff.ts';
import type { ContainerDetails } from '../../lib/docker-api.ts';
import { type DockerClient, refusal } from '../../lib/docker-client.ts';
import type { ContainerIdentity } from '../../lib/docker-filter.ts';
import { createSettling, type Settling } from '../../lib/settling.ts';
import { createLogSplitter } from './frames.ts';
import { createLineAssembler, LINE_LIMIT } from './line.ts';
import { type LogMessage, logTemplates } from './log-record.ts';
import { type LogPosition, sinceOf } from './position.ts';
import { createRecorder, type LineOptions, type Recorder } from './recorder.ts';

/** How far one container's log was read, kept while the container is there. */
export interface Track {
  position: LogPosition;
  readonly settling: Settling<LogPosition>;
}

export function createTrack(position: LogPosition = {}): Track {
  return { position, settling: createSettling<LogPosition>() };
}

export interface FollowOptions extends LineOptions {
  readonly client: DockerClient;
  readonly host: string;
  /** Nothing before is read; nanoseconds since the epoch. */
  readonly first: () => string;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  handOn(messages: readonly LogMessage[]): void;
  /** What people should know about one container: its log cannot be read, it was gone too soon, the engine warns. */
  notice(kind: 'unreadable' | 'missed' | 'engine' | 'broken', container: ContainerIdentity, reason: string): void;
  ended(id: string): void;
}

/** Reads the log of one container until it has stopped and everything is read. */
export interface Follower {
  /** Resolves when the first answer is here, whatever it is. */
  readonly attached: Promise<void>;
  /** The container was started (again). */
  started(): void;
  pause(isPaused: boolean): void;
  stop(): void;
}

const NOT_FOUND = 404;
const CONFLICT = 409;
const NOT_IMPLEMENTED = 501;

function isRunning({ State }: ContainerDetails): boolean {
  // Between two runs of a restart policy the engine calls a container running as well.
  return State.Running && (State as { Restarting?: boolean }).Restarting !== true;
}

export function followContainer(
  container: ContainerIdentity,
  track: Track,
  isPaused: boolean,
  options: FollowOptions,
): Follower {
  const { client } = options;
  const { id } = container;
  const backoff = createBackoff(100, 5_000);
  let recorder: Recorder | undefined;
  let body: Readable | undefined;
  let paused = isPaused;
  let isStopped = false;
  let again = false;
  let wake = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  let attached = (): void => undefined;
  const whenAttached = new Promise<void>((resolve) => {
    attached = resolve;
  });

  const inspect = async (): Promise<ContainerDetails | undefined> => {
    try {
      return await client.json<ContainerDetails>(`/containers/${id}/json`);
    } catch (error) {
      if (refusal(error) === NOT_FOUND) return undefined;
      throw error;
    }
  };

  const handOn = (own: Recorder, unfinished: string | undefined): void => {
    const messages = own.take();
    if (messages.length > 0) options.handOn(messages);
    for (const text of own.takeEngineMessages()) options.notice('engine', container, text);
    track.position = { ...own.position(unfinished), finished: track.position.finished };
    track.settling.advance(track.position, performance.now());
  };

  /** A message that waits for more lines does not wait for ever. */
  const flushLater = (own: Recorder, unfinished: () => string | undefined): void => {
    clearTimeout(timer);
    if (!own.isWaiting) return;
    timer = setTimeout(() => {
      own.flush();
      handOn(own, unfinished());
    }, options.multilineMs);
  };

  /** Reads the log from where it was left, to its end. `isLast`: the container has stopped, nothing more will come. */
  const read = async (follow: boolean): Promise<void> => {
    const since = sinceOf(track.position, options.first());
    const query = { follow, stdout: true, stderr: true, timestamps: true, since };
    const [stream, details] = await Promise.all([
      client.stream(`/containers/${id}/logs`, query),
      recorder === undefined ? inspect() : undefined,
    ]);
    attached();
    if (isStopped) {
      stream.destroy();
      return;
    }
    body = stream;
    recorder ??= createRecorder(logTemplates(container, details, options.host), track.position, options);
    const own = recorder;
    own.restart();
    const assembler = createLineAssembler(own);
    const splitter = createLogSplitter(assembler, LINE_LIMIT);
    // The engine sends each line in an HTTP chunk of its own, and each comes as a read: those of one turn go on together.
    let isScheduled = false;
    const handOnRead = (): void => {
      isScheduled = false;
      handOn(own, assembler.pending());
      if (own.isWaiting) flushLater(own, assembler.pending);
    };
    await new Promise<void>((resolve, reject) => {
      stream.on('data', (chunk: Buffer) => {
        try {
          splitter.push(chunk);
        } catch (error) {
          stream.destroy(error as Error);
        }
        if (isScheduled) return;
        isScheduled = true;
        setImmediate(handOnRead);
      });
      stream.once('end', resolve);
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('the log stream broke off')));
      if (paused) stream.pause();
      // It broke off while the container was asked about: its events are past.
      if (stream.destroyed) reject(new Error('the log stream broke off'));
    }).finally(() => {
      clearTimeout(timer);
      handOnRead();
      clearTimeout(timer);
    });
    if (!follow) {
      splitter.end();
      assembler.end();
      own.flush();
      handOn(own, undefined);
    }
  };

  const pauseFor = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const waiting = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(waiting);
        resolve();
      };
    });

  /** Gives whether there is more to do. */
  const turn = async (): Promise<boolean> => {
    again = false;
    await read(true);
    const details = await inspect();
    if (details === undefined) return false;
    if (isRunning(details)) {
      // The engine ends streams when a log driver fails; a container that starts again wakes this.
      if (!again) await pauseFor(backoff.next());
      return true;
    }
    await read(false);
    track.position = { ...track.position, finished: details.State.FinishedAt };
    track.settling.advance(track.position, performance.now());
    return again;
  };

  const failed = async (error: unknown): Promise<boolean> => {
    const status = refusal(error);
    const words = (error as Error).message;
    if (status === NOT_FOUND || status === CONFLICT) {
      if (recorder === undefined) options.notice('missed', container, words);
      return false;
    }
    if (status === NOT_IMPLEMENTED || /does not support reading/.test(words)) {
      options.notice('unreadable', container, words);
      return false;
    }
    options.notice('broken', container, words);
    await pauseFor(backoff.next());
    return true;
  };

  const run = async (): Promise<void> => {
    let goesOn = true;
    while (goesOn && !isStopped) {
      try {
        goesOn = await turn();
      } catch (error) {
        goesOn = !isStopped && (await failed(error));
      }
      attached();
    }
    if (!isStopped) options.ended(id);
  };
  void run();

  return {
    attached: whenAttached,
    started() {
      again = true;
      backoff.reset();
      wake();
    },
    pause(next) {
      paused = next;
      if (next) body?.pause();
      else body?.resume();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      body?.destroy();
      wake();
    },
  };
}
