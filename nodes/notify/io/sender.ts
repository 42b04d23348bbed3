import type { Backoff } from '../../../lib/backoff.ts';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { masked, withoutSecrets } from '../address.ts';
import type { OutboxState } from '../outbox-state.ts';
import type { Service, Target, Verdict } from '../services/service.ts';
import { cleanLine } from '../text/clean.ts';
import type { Message } from '../text/message.ts';
import type { Clock, Destination, Problem, SenderView } from './sending.ts';

export interface SenderOptions {
  readonly destination: Destination;
  readonly saved: OutboxState | undefined;
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly random: () => number;
  readonly explain: (error: unknown) => string;
  readonly onChange: () => void;
}

export type Outcome = 'told' | 'refused' | 'later';
type Saved = Pick<OutboxState, 'stopped' | 'success' | 'moved'>;
type Sent = { readonly verdict: Verdict; readonly code: string };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** So many failures one after the other are an outage, and no hiccup. */
const OUTAGE_FAILURES = 3;
/** To be told to wait is no outage, unless it lasts. In ms. */
const PATIENCE_MS = 15 * MINUTE_MS;
/** What may pass by itself, but not within seconds. */
const SLOW_ERRORS = ['UNTRUSTED_ISSUER', 'BAD_PROXY', 'PROXY_UNSUPPORTED', 'BAD_TLS_CONFIG'];

/** Sends single messages to one address, and knows when it may be asked again. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #abort = new AbortController();
  #saved: Saved;
  #retryAtMs = 0;
  #retryWaitMs = 0;
  #failures = 0;
  #failingSinceMs: number | undefined;
  #problem: (Problem & { readonly kind: Verdict['kind'] }) | undefined;
  #isOnlyAccepted = false;
  /** What the service said of the last message that it refused. */
  #refusal = { reason: '', code: '' };

  constructor(options: SenderOptions) {
    this.#options = options;
    const { saved, destination } = options;
    const isHere = (one: { readonly place: string } | undefined): boolean => one?.place === destination.place;
    const { stopped, success, moved } = saved ?? {};
    this.#saved = {
      ...(isHere(stopped) && stopped ? { stopped } : {}),
      ...(isHere(success) && success ? { success } : {}),
      ...(isHere(moved) && moved ? { moved } : {}),
    };
    if (this.#saved.stopped !== undefined) {
      const { reason } = this.#saved.stopped;
      this.#problem = { kind: 'stop', reason, code: /\d{3}/.exec(reason)?.[0] ?? '', isFault: true };
    }
  }

  get service(): Service {
    return this.#options.destination.service;
  }

  get target(): Target {
    const { target } = this.#options.destination;
    const { moved } = this.#saved;
    if (moved === undefined) return target;
    const [, topic] = target.chat.split('/');
    return { ...target, chat: topic === undefined ? moved.chat : `${moved.chat}/${topic}` };
  }

  get saved(): Saved {
    return this.#saved;
  }

  get isRetrying(): boolean {
    return this.#problem?.kind === 'wait';
  }

  get view(): SenderView {
    const { success, stopped } = this.#saved;
    return {
      isStopped: stopped !== undefined,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(success === undefined ? {} : { takenMs: success.atMs, isOnlyAccepted: this.#isOnlyAccepted }),
    };
  }

  /** When the address may be asked, in ms since the epoch; Infinity where something has to change first. */
  freeMs(nowMs: number): number {
    if (this.#saved.stopped !== undefined) return Number.POSITIVE_INFINITY;
    // The clock may have been set back since.
    const retryAtMs = Math.min(this.#retryAtMs, nowMs + this.#retryWaitMs);
    return Math.max(retryAtMs, this.#options.destination.lane.freeAtMs);
  }

  /** What may pass is tried sooner where there is more to tell. */
  hasMore(nowMs: number): void {
    if (this.#problem?.kind === 'hourly') this.#retryAtMs = Math.min(this.#retryAtMs, nowMs + MINUTE_MS);
  }

  hasTaken(sinceMs: number): boolean {
    return (this.#saved.success?.atMs ?? 0) > sinceMs;
  }

  takesNothing(): void {
    this.#waitFor(HOUR_MS, 'hourly', this.#refusal.reason, this.#refusal.code, true);
    this.#options.onChange();
  }

  fault(code: 'MESSAGES_REFUSED' | 'ALERTS_GIVEN_UP', count: number): MonitoringError {
    const { url } = this.#options.destination.target;
    return new MonitoringError(code, { count, reason: this.#refusal.reason, address: masked(url) });
  }

  abort(): void {
    this.#abort.abort(new MonitoringError('CLOSED'));
  }

  /** Sends one message when the address is free. `closing` keeps it from beginning. */
  send(message: Message, closing: AbortSignal): Promise<Outcome> {
    const { lane } = this.#options.destination;
    return lane.queue.run(async () => {
      await this.#untilFree(closing);
      if (closing.aborted) return 'later';
      let sent = await this.#attempt(message);
      if (sent.verdict.kind === 'moved') {
        this.#saved = { ...this.#saved, moved: { place: this.#options.destination.place, chat: sent.verdict.chat } };
        sent = await this.#attempt(message);
      }
      const outcome = this.#settle(sent);
      this.#options.onChange();
      return outcome;
    });
  }

  async #untilFree(closing: AbortSignal): Promise<void> {
    const { clock, destination } = this.#options;
    for (;;) {
      const leftMs = destination.lane.freeAtMs - clock.nowMs();
      if (leftMs <= 0 || closing.aborted) return;
      await clock.wait(Math.min(leftMs, MINUTE_MS), closing);
    }
  }

  async #attempt(message: Message): Promise<Sent> {
    const { destination, clock, explain } = this.#options;
    const { service, post } = destination;
    try {
      const answer = await post(service.request(message, this.target), this.#abort.signal);
      const verdict = service.judge(answer, clock.nowMs());
      return { verdict: { ...verdict, reason: this.#shown(verdict.reason) }, code: `${answer.status}` };
    } catch (error) {
      const code = errorCode(error) ?? '';
      const reason = this.#shown(explain(error));
      return { verdict: { kind: SLOW_ERRORS.includes(code) ? 'hourly' : 'wait', reason }, code };
    }
  }

  #shown(reason: string): string {
    return cleanLine(withoutSecrets(reason, this.target));
  }

  #settle({ verdict, code }: Sent): Outcome {
    const { clock, backoff, random, destination } = this.#options;
    const nowMs = clock.nowMs();
    const { reason } = verdict;
    destination.lane.freeAtMs = nowMs + destination.service.paceMs;
    switch (verdict.kind) {
      case 'success':
        destination.lane.freeAtMs = nowMs + Math.max(destination.service.paceMs, verdict.pauseMs ?? 0);
        this.#succeed(nowMs, verdict.isOnlyAccepted === true);
        return 'told';
      case 'refused':
        this.#refusal = { reason, code };
        this.#problem = { kind: 'refused', reason, code, isFault: false };
        return 'refused';
      case 'stop':
        this.#saved = { ...this.#saved, stopped: { place: destination.place, reason } };
        this.#problem = { kind: 'stop', reason, code, isFault: true };
        return 'later';
      case 'wait': {
        const waitMs =
          verdict.waitMs === undefined ? backoff.next() : verdict.waitMs * (1 + random() / 10) + random() * 1_000;
        this.#failures += 1;
        this.#failingSinceMs ??= nowMs;
        const isOld = nowMs - this.#failingSinceMs >= PATIENCE_MS;
        this.#waitFor(waitMs, 'wait', reason, code, isOld || (code !== '429' && this.#failures >= OUTAGE_FAILURES));
        // Others who use the address have to wait, too, where the service says so.
        if (verdict.waitMs !== undefined) destination.lane.freeAtMs = this.#retryAtMs;
        return 'later';
      }
      default:
        this.#waitFor(HOUR_MS * (1 + random() / 10), 'hourly', reason, code, true);
        return 'later';
    }
  }

  #waitFor(ms: number, kind: Verdict['kind'], reason: string, code: string, isFault: boolean): void {
    this.#retryWaitMs = ms;
    this.#retryAtMs = this.#options.clock.nowMs() + ms;
    this.#problem = { kind, reason, code, isFault };
  }

  #succeed(nowMs: number, isOnlyAccepted: boolean): void {
    const { place } = this.#options.destination;
    const { moved } = this.#saved;
    this.#saved = { success: { place, atMs: nowMs }, ...(moved === undefined ? {} : { moved }) };
    this.#problem = undefined;
    this.#failures = 0;
    this.#failingSinceMs = undefined;
    this.#isOnlyAccepted = isOnlyAccepted;
    this.#retryAtMs = 0;
    this.#options.backoff.reset();
  }
}
