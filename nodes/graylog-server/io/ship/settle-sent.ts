import { performance } from 'node:perf_hooks';
import { MonitoringError } from '../../../../lib/errors.ts';
import type { Refused, SendResult } from '../transports/transport.ts';
import type { Ledger } from './connection.ts';
import { frameOf } from './frame-pool.ts';
import type { ReplayWindow } from './replay-window.ts';
import type { SentBatch } from './sent-batch.ts';

/**
 * Settles a batch that need not be confirmed any more: what left is done with, what this endpoint can never take is set
 * aside and counted, the rest goes back to the buffer. With a replay window what left is kept there for a while.
 */
export function settleSent(
  batch: SentBatch,
  { sent, refused = [], failure }: SendResult,
  { buffer, frames, counters }: Ledger,
  replay: ReplayWindow | undefined,
): void {
  const { keys } = batch;
  batch.takeApart();
  const refusals = refused.filter(({ index }) => index < sent);
  for (const { index, error } of refusals) {
    batch.settleOne(index, asError(error));
    void buffer.setAside(batch.texts[index] ?? '', wordsFor(error));
  }
  batch.settleUntil(sent);
  counters.dropped += refusals.length;
  counters.sent += sent - refusals.length;
  const frame = refusals.length === 0 ? batch.frame : frameWithout(batch.texts.slice(0, sent), refusals);
  const rest = batch.takeBack(frames, sent);
  if (failure !== undefined) counters.retried += rest.length;
  buffer.putBack(rest);
  const released = rest.length > 0 ? [] : keys;
  const nowMs = performance.now();
  buffer.releaseBatches(
    replay === undefined ? released : replay.keep(frame, sent - refusals.length, released, nowMs, batch.sentMs),
  );
}

function frameWithout(texts: readonly string[], refusals: readonly Refused[]): Buffer {
  const refused = new Set(refusals.map(({ index }) => index));
  return frameOf(texts.filter((_, index) => !refused.has(index)));
}

/** What stands in the file beside the document: it is no text for the editor, and has no language. */
function wordsFor(error: unknown): string {
  if (!(error instanceof MonitoringError)) return String(error);
  return error.code === 'HTTP_STATUS' ? `HTTP ${error.values.status}` : `${error.code} ${JSON.stringify(error.values)}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
