import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Backoff } from '../../../lib/backoff.ts';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { type DockerClient, type Query, refusal } from '../../../lib/docker/client.ts';
import type { ContainerIdentity } from '../../../lib/docker/filter.ts';
import { countMessages, firstStamp } from '../line/frames.ts';
import { type LogMessage, logTemplates } from '../line/log-record.ts';
import { createMessageMaker, type LineOptions, type MessageMaker } from '../line/messages.ts';
import { type LogPosition, reachesBack, sinceOf } from '../position.ts';
import type { Progress } from '../progress.ts';
import { createLogReader, type LogReader } from './log-reader.ts';

export interface FollowOptions extends LineOptions {
  readonly client: DockerClient;
  readonly host: string;
  /** Nothing before is read; nanoseconds since the epoch. */
  readonly first: () => string;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  /** May take many turns of the event loop. */
  handOn(messages: readonly LogMessage[]): Promise<void>;
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
  /** The container has died. */
  died(): void;
  pause(isPaused: boolean): void;
  stop(): void;
}

/** Up to this many messages at the end of a log are read again when its container has stopped. */
const REST_LINES = 500;
/** The stream of a log ends within this many milliseconds of its container's death. */
const EARLY_MS = 2_000;
/** No more is read while so many messages wait to be handed on. */
const WAITING_AT_MOST = 1_000;
const NOT_FOUND = 404;
const CONFLICT = 409;
const NOT_IMPLEMENTED = 501;

function isRunning({ State }: ContainerDetails): boolean {
  // Between two runs of a restart policy the engine calls a container running as well.
  return State.Running && (State as { Restarting?: boolean }).Restarting !== true;
}

export function followContainer(
  container: ContainerIdentity,
  track: Progress,
  isPaused: boolean,
  options: FollowOptions,
): Follower {
  const { client } = options;
  const { id } = container;
  const backoff = new Backoff(100, 5_000);
  let recorder: MessageMaker | undefined;
  let body: Readable | undefined;
  let paused = isPaused;
  let isStopped = false;
  let again = false;
  let earlyTail: Promise<Buffer | Error> | undefined;
  let diedMs = Number.NEGATIVE_INFINITY;
  let wake = (): void => undefined;
  let reading: LogReader | undefined;
  let attached = (): void => undefined;
  const whenAttached = new Promise<void>((resolve) => {
    attached = resolve;
  });

  const inspect = (): Promise<ContainerDetails | undefined> =>
    client.json<ContainerDetails>(`/containers/${id}/json`).catch((error) => {
      if (refusal(error) === NOT_FOUND) return undefined;
      throw error;
    });

  const pauseOrResume = (): void => {
    if (paused || track.waiting > WAITING_AT_MOST) body?.pause();
    else body?.resume();
  };

  /** A position counts from when everything before it was handed on. */
  const advance = (position: LogPosition, messages: readonly LogMessage[] = []): void => {
    track.position = position;
    track.hand(
      messages.length,
      () => options.handOn(messages),
      () => {
        track.settling.reached(position, performance.now());
        pauseOrResume();
      },
    );
    pauseOrResume();
  };

  const read = (own: MessageMaker) => (unfinished: string | undefined) => {
    const messages = own.take();
    for (const text of own.takeEngineMessages()) options.notice('engine', container, text);
    advance({ ...own.position(unfinished), finished: track.position.finished }, messages);
  };

  const begin = (own: MessageMaker): LogReader => {
    reading?.close();
    reading = createLogReader({ recorder: own, multilineMs: options.multilineMs, read: read(own) });
    return reading;
  };

  const logs = (query: Query): Promise<Readable> => {
    const get = query.follow === true ? client.plainStream : client.stream;
    return get(`/containers/${id}/logs`, { stdout: true, stderr: true, timestamps: true, ...query });
  };

  /** Reads the log from where it was left, to its end. */
  const readOn = async (follow: boolean): Promise<LogReader | undefined> => {
    const since = sinceOf(track.position, options.first());
    const [stream, details] = await Promise.all([
      logs({ follow, since }),
      recorder === undefined ? inspect() : undefined,
    ]);
    attached();
    if (isStopped) {
      stream.destroy();
      return undefined;
    }
    body = stream;
    recorder ??= createMessageMaker(logTemplates(container, details, options.host), track.position, options);
    const own = begin(recorder);
    const followed = own.follow(stream);
    pauseOrResume();
    await followed;
    return own;
  };

  /** The end of the log, as bytes; an error instead, for later: it only matters when the container has stopped. */
  const readTail = async (): Promise<Buffer | Error> => {
    try {
      return await buffer(await logs({ tail: REST_LINES, since: sinceOf(track.position, options.first()) }));
    } catch (error) {
      return error as Error;
    }
  };

  /** The end of the log after the container's death; one that was read a while ago is of an earlier one. */
  const currentTail = (): Promise<Buffer | Error> => {
    const early = performance.now() - diedMs < EARLY_MS ? earlyTail : undefined;
    earlyTail = undefined;
    return early ?? readTail();
  };

  /**
   * What the engine did not send any more when the container stopped. The end of the log is enough where it reaches back
   * to what was read; for more the engine would go through all of the log. Of a container that is gone it is all there is.
   */
  const finish = async (tail: Buffer | Error, isGone: boolean): Promise<void> => {
    const from = tail instanceof Error ? undefined : firstStamp(tail);
    if (tail instanceof Error && !isGone) throw tail;
    if (tail instanceof Error || from === undefined || recorder === undefined) {
      reading?.finish();
    } else if (isGone || countMessages(tail) < REST_LINES || reachesBack(track.position, from)) {
      const own = begin(recorder);
      own.feed(tail);
      own.finish();
    } else {
      (await readOn(false))?.finish();
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
    await readOn(true);
    const [tail, details] = await Promise.all([currentTail(), inspect()]);
    if (isStopped) return false;
    if (details !== undefined && isRunning(details)) {
      // The engine ends streams when a log driver fails; a container that starts again wakes this.
      if (!again) await pauseFor(backoff.next());
      return true;
    }
    await finish(tail, details === undefined);
    advance({ ...track.position, finished: details?.State.FinishedAt });
    return again;
  };

  const failed = async (error: unknown): Promise<boolean> => {
    const status = refusal(error);
    const words = (error as Error).message;
    // A container that removes itself takes its log with it: the engine may find the one and not the other any more.
    if (status === NOT_FOUND || status === CONFLICT || /no such file/.test(words)) {
      // It was removed meanwhile: what was read of it is all there is.
      if (recorder === undefined) options.notice('missed', container, words);
      else reading?.finish();
      return false;
    }
    if (status === NOT_IMPLEMENTED || /does not support reading/.test(words)) {
      options.notice('unreadable', container, words);
      return false;
    }
    await pauseFor(backoff.next());
    // Where the engine is gone, that is said once and not for each of its containers.
    if (!isStopped) options.notice('broken', container, words);
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
    died() {
      // One that removes itself is gone within milliseconds, and its log with it: by the end of the stream it is too late.
      diedMs = performance.now();
      earlyTail = readTail();
    },
    pause(next) {
      paused = next;
      pauseOrResume();
    },
    stop() {
      isStopped = true;
      reading?.close();
      body?.destroy();
      wake();
    },
  };
}
