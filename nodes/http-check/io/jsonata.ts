import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SerialQueue } from '../../../lib/serial-queue.ts';
import type { Outcome } from '../answer/body-test.ts';
import type { Question, Said } from './jsonata-process.ts';

/** How long an expression may take, in ms. Nothing of Node-RED waits for it but its own check. */
const DEADLINE_MS = 2_000;
/** How long the process may take to start, in ms; a small board under load takes seconds. */
const START_MS = 15_000;
/** It costs some 60 MB: after so long without a check it ends, in ms. */
const IDLE_MS = 10_000;
const HEAP_MB = 128;
/** Characters of a body that are given to it. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** What an expression may ask Node-RED for: a variable of the environment, a value of the flow's or the global context. */
export type Lookup = (question: Question) => Promise<unknown>;

/** The file whose exports `util` is, which is `RED.util`: the process has to load the JSONata of this very Node-RED. */
function fileOf(util: object): string | undefined {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).find((path) => /[\\/]util\.js$/.test(path) && cache[path]?.exports === util);
}

/**
 * Evaluates JSONata in a process of its own, one expression after the other. An expression can loop without end, in its own
 * evaluator or in a regular expression, and can take all memory; a thread that does that takes Node-RED along. The process is
 * started when it is needed, killed at the deadline, and ends by itself when Node-RED does.
 */
export class JsonataProcess {
  readonly #utilFile: string | undefined;
  readonly #deadlineMs: number;
  readonly #idleMs: number;
  readonly #queue = new SerialQueue();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** `util` is `RED.util`. */
  constructor(util: object, { deadlineMs = DEADLINE_MS, idleMs = IDLE_MS } = {}) {
    this.#utilFile = fileOf(util);
    this.#deadlineMs = deadlineMs;
    this.#idleMs = idleMs;
  }

  /** Never rejects. `signal` calls it off, with an outcome that nobody should look at any more. */
  evaluate(expression: string, text: string, lookup: Lookup, signal: AbortSignal): Promise<Outcome> {
    if (text.length > MOST_CHARACTERS) return Promise.resolve({ failed: 'size' });
    return this.#queue.run(() => this.#evaluate(expression, text, lookup, signal));
  }

  async #evaluate(expression: string, text: string, lookup: Lookup, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return { failed: 'late' };
    clearTimeout(this.#idle);
    const child = this.#child ?? (await this.#start(signal));
    if (child === undefined) return { failed: 'start' };
    const outcome = await this.#run(child, { expression, text }, lookup, signal);
    this.#idle = setTimeout(() => this.#end(child), this.#idleMs).unref();
    return outcome;
  }

  /** The process, once it is ready; undefined where it does not start. */
  async #start(signal: AbortSignal): Promise<ChildProcess | undefined> {
    if (this.#utilFile === undefined) return undefined;
    const file = new URL(`./jsonata-process${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
    const { PATH, TZ, LANG, SystemRoot } = process.env;
    const child = fork(fileURLToPath(file), [this.#utilFile], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      // Neither what Node-RED was started with, nor its secrets.
      env: { PATH, TZ, LANG, SystemRoot },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    child.on('error', () => undefined);
    child.once('exit', () => this.#forget(child));
    child.unref();
    child.channel?.unref();
    const ready = await this.#hear(child, START_MS, signal, (said) => ('isReady' in said ? true : undefined));
    if (ready !== true) {
      this.#end(child);
      return undefined;
    }
    this.#child = child;
    return child;
  }

  async #run(
    child: ChildProcess,
    job: { expression: string; text: string },
    lookup: Lookup,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const answer = (question: Question): void => {
      const reply = (value?: unknown): void => void child.send({ id: question.id, value }, () => undefined);
      // What cannot be copied into another process, such as a function, is no value there.
      lookup(question)
        .then(reply)
        .catch(() => reply());
    };
    child.send(job, () => undefined);
    const heard = await this.#hear<Outcome>(child, this.#deadlineMs, signal, (said) => {
      if ('isTrue' in said) return { isTrue: said.isTrue };
      if ('words' in said) return { failed: 'error', words: said.words };
      if ('question' in said) answer(said.question);
      return undefined;
    });
    if (typeof heard === 'object') return heard;
    this.#end(child);
    return { failed: heard === 'ended' ? 'memory' : 'late' };
  }

  /** The first thing the process says that `take` makes something of; else that it has ended, or that the time is up. */
  #hear<T>(
    child: ChildProcess,
    ms: number,
    signal: AbortSignal,
    take: (said: Said) => T | undefined,
  ): Promise<T | 'ended' | 'late'> {
    return new Promise((resolve) => {
      const settle = (heard: T | 'ended' | 'late'): void => {
        clearTimeout(timer);
        child.off('message', hear).off('exit', ended).off('error', ended);
        signal.removeEventListener('abort', late);
        resolve(heard);
      };
      const hear = (said: unknown): void => {
        const taken = take(said as Said);
        if (taken !== undefined) settle(taken);
      };
      const ended = (): void => settle('ended');
      const late = (): void => settle('late');
      const timer = setTimeout(late, ms);
      child.on('message', hear).once('exit', ended).once('error', ended);
      signal.addEventListener('abort', late, { once: true });
    });
  }

  #end(child: ChildProcess): void {
    this.#forget(child);
    child.kill('SIGKILL');
  }

  #forget(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
  }
}
