import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { MonitoringError } from '../../../../lib/errors.ts';

export interface JournalctlOptions {
  arguments: string[];
  /** Ends it. */
  signal: AbortSignal;
  /** Takes what it prints. No more is read before it resolves. */
  onChunk(chunk: Buffer): Promise<void>;
  /** Hears that it has run for a while. */
  onSteady(): void;
}

export interface JournalctlEnd {
  /** Why it ended; undefined where it printed all that it was asked for. */
  readonly error: unknown;
  /** Whether it did not take the cursor. */
  readonly isCursorRefused: boolean;
}

/** A journalctl that ran so long worked: the next fault is a new one. */
const STEADY_MS = 2000;
/** So many characters of what journalctl complains about are kept. */
const COMPLAINT_LENGTH = 500;

/** Runs journalctl to its end. Rejects with what `onChunk` rejects with. */
export async function runJournalctl(options: JournalctlOptions): Promise<JournalctlEnd> {
  const { signal, onChunk, onSteady } = options;
  const child = spawn('journalctl', options.arguments, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  const ended = new Promise<unknown>((resolve) => {
    child.on('error', resolve);
    child.on('close', (code) => resolve(code === 0 ? undefined : exitError(code, complaint)));
  });
  const toEnd = async (): Promise<JournalctlEnd> => ({
    error: await ended,
    isCursorRefused: /cursor/i.test(complaint),
  });
  const { stdout, stderr } = child;
  // Where no descriptor is free there are no pipes, whatever the types say. An event tells why.
  if (!stdout || !stderr) return toEnd();
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
  const steady = setTimeout(onSteady, STEADY_MS);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    for await (const chunk of chunksOf(stdout)) await onChunk(chunk);
    return await toEnd();
  } finally {
    clearTimeout(steady);
    signal.removeEventListener('abort', end);
    end();
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
