import { Backoff } from '../../../lib/backoff.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import { type Alert, isTest } from '../alert.ts';
import { packNext, urgentFirst } from '../pack.ts';
import { plan } from '../plan.ts';
import { type Entry, entryOf, type Speech } from '../text/entry.ts';
import type { Away } from '../text/message.ts';
import { removedAlert, ToldLog } from '../told.ts';
import { Waiting } from '../waiting.ts';
import { Sender } from './sender.ts';
import type { OutboxOptions } from './sending.ts';

/** Who was away for longer gets one summary. In ms. */
const DIGEST_MS = 15 * 60_000;
const DIGEST_MESSAGES = 3;
/** A day, and the hour by which the clock may be set in it. In ms. */
const GIVE_UP_MS = 25 * 3_600_000;
/** Nothing is waited for longer than this without a look at the clock, which may have been set. In ms. */
const LOOK_MS = 60_000;
const CLOSE_MS = 3_000;
/** The service took something else within this time: so it is the alert that it does not take. In ms. */
const TRUSTED_MS = 86_400_000;

/** Keeps alerts until they are told: in order, on disk, and with patience. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #told: ToldLog;
  readonly #waiting: Waiting;
  readonly #sender: Sender | undefined;
  readonly #closing = new AbortController();
  readonly #jitter: number;
  /** Those that are in memory only, with what their msgs wait for. */
  readonly #unkept = new Map<Alert, () => void>();
  #wakeUp = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { destination, keeper, collectMs, clock, random } = options;
    const saved = keeper.read();
    this.#told = new ToldLog(saved?.told);
    this.#waiting = new Waiting(collectMs, saved?.waiting);
    this.#jitter = random();
    if (destination !== undefined) {
      const backoff = new Backoff(1_000, 300_000, random);
      const onChange = (): void => this.#show();
      this.#sender = new Sender({ destination, saved, clock, backoff, random, explain: options.explain, onChange });
    }
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** To be called once all flows run. */
  start(): void {
    this.#running = this.#run();
    this.#show();
  }

  /** Resolves once the alert is on disk; where that takes nothing, once it is told. */
  async accept(alert: Alert): Promise<void> {
    if (!this.#told.admits(alert, this.#options.least, this.#waiting.has)) return;
    const lost = this.#waiting.add(alert, this.#told.of);
    if (lost.length > 0) this.#giveUp(lost);
    this.#sender?.hasMore(this.#options.clock.nowMs());
    this.#wakeUp.abort();
    this.#show();
    if (await this.#save()) return;
    this.#wakeUp.abort();
    if (!this.#waiting.alerts.includes(alert) || this.#closing.signal.aborted) return;
    await new Promise<void>((resolve) => this.#unkept.set(alert, resolve));
  }

  /** Says of every alert that was told and is in no flow any more that it is over. */
  resolveRemoved(isGone: (node: string) => boolean): void {
    const firing = [...this.#told.firing.map(({ alert }) => alert), ...this.#waiting.alerts];
    const byId = new Map(firing.filter((alert) => !isTest(alert)).map((alert) => [alert.id, alert]));
    for (const alert of byId.values()) {
      if (alert.state === 'resolved' || alert.node === undefined || !isGone(alert.node)) continue;
      void this.accept(removedAlert(alert, this.#options.clock.nowMs()));
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new MonitoringError('CLOSED'));
    for (const resolve of this.#unkept.values()) resolve();
    // What is under way may still be taken: so it is not said again after the restart.
    await withTimeout(this.#running, CLOSE_MS, () => this.#sender?.abort());
    await this.#running;
    await this.#save();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#closing.signal.aborted) {
      const nowMs = clock.nowMs();
      const dueMs = this.#dueMs(nowMs);
      if (dueMs <= nowMs) await this.#deliver(nowMs);
      else await this.#pause(Math.min(dueMs - nowMs, LOOK_MS));
      this.#giveUpOld(clock.nowMs());
    }
  }

  #dueMs(nowMs: number): number {
    if (this.#sender === undefined || this.#waiting.length === 0) return Number.POSITIVE_INFINITY;
    const isUnkept = this.#options.keeper.fault !== undefined;
    const collectedMs = isUnkept ? nowMs : this.#waiting.dueMs(nowMs, this.#jitter);
    return Math.max(collectedMs, this.#sender.freeMs(nowMs));
  }

  async #pause(ms: number): Promise<void> {
    this.#wakeUp = new AbortController();
    await this.#options.clock.wait(ms, AbortSignal.any([this.#closing.signal, this.#wakeUp.signal]));
    if (this.#options.keeper.fault !== undefined) await this.#save();
  }

  async #deliver(nowMs: number): Promise<void> {
    const sender = this.#sender;
    const { speech } = this.#options;
    const all = this.#waiting.alerts;
    const isTrial = all[0] !== undefined && isTest(all[0]);
    const end = all.findIndex((alert) => isTest(alert) !== isTrial);
    const { lines, silent } = plan(end === -1 ? all : all.slice(0, end), this.#told.of);
    this.#drop(silent);
    if (sender === undefined || lines.length === 0) return;
    const firstMs = all[0]?.arrivedMs ?? nowMs;
    const away: Away | undefined = nowMs - firstMs > DIGEST_MS ? { fromMs: firstMs, toMs: nowMs } : undefined;
    const entries = lines.map((line) => entryOf(line, nowMs, speech));
    await this.#tellAll(sender, entries, away);
    await this.#save();
  }

  async #tellAll(sender: Sender, entries: readonly Entry[], away: Away | undefined): Promise<void> {
    const { service } = sender;
    const isBounded = Number.isFinite(service.mostMessages);
    const speech = this.#speech();
    let rest = isBounded && (away !== undefined || entries.length > 10) ? urgentFirst(entries) : entries;
    let left = isBounded && away !== undefined ? DIGEST_MESSAGES : service.mostMessages;
    while (rest.length > 0) {
      const packed = packNext(rest, service, sender.target, speech, left, away);
      const outcome = await sender.send(packed.message, this.#closing.signal);
      if (outcome === 'later') return;
      const shown = packed.message.entries.length;
      if (outcome === 'told') this.#tell(packed.entries);
      else if (!(await this.#tellSingly(sender, rest.slice(0, shown)))) return;
      rest = rest.slice(outcome === 'told' ? packed.entries.length : shown);
      left = Math.max(1, left - 1);
    }
  }

  /** Each alone, then without markup, then not at all. False where the service takes nothing now. */
  async #tellSingly(sender: Sender, entries: readonly Entry[]): Promise<boolean> {
    const refused: Entry[] = [];
    const isTrusted = this.#hasTaken(sender);
    for (const entry of entries) {
      const send = (isPlain: boolean) => {
        const speech = { ...this.#speech(), isPlain };
        return sender.send(packNext([entry], sender.service, sender.target, speech, 1).message, this.#closing.signal);
      };
      let outcome = entries.length === 1 ? 'refused' : await send(false);
      if (outcome === 'refused') outcome = await send(true);
      if (outcome === 'later') return false;
      if (outcome === 'told') this.#tell([entry]);
      else refused.push(entry);
    }
    if (refused.length === 0) return true;
    // A service that takes nothing at all says something of the address, and not of the alerts.
    if (!this.#hasTaken(sender)) {
      sender.takesNothing();
      return false;
    }
    // It began to take something after it had refused these.
    if (!isTrusted) return this.#tellSingly(sender, refused);
    const alerts = refused.flatMap(({ line }) => line.alerts);
    this.#options.onFault(sender.fault('MESSAGES_REFUSED', refused.length));
    this.#forget(alerts);
    return true;
  }

  #hasTaken(sender: Sender): boolean {
    return sender.hasTaken(this.#options.clock.nowMs() - TRUSTED_MS);
  }

  #speech(): Speech {
    const { speech, keeper, explain } = this.#options;
    if (keeper.fault === undefined) return speech;
    return { ...speech, note: explain(new MonitoringError('NOT_KEPT', {}, { cause: keeper.fault })) };
  }

  #tell(entries: readonly Entry[]): void {
    for (const { line } of entries) {
      this.#told.tell(line.alert);
      if (!isTest(line.alert)) this.#options.onTold(line.alert);
      this.#drop(line.alerts);
    }
    void this.#save();
  }

  #drop(alerts: readonly Alert[]): void {
    this.#waiting.remove(alerts);
    for (const alert of alerts) {
      this.#unkept.get(alert)?.();
      this.#unkept.delete(alert);
    }
    this.#show();
  }

  /** Only what is tried again and again gets too old: who stopped, keeps. */
  #giveUpOld(nowMs: number): void {
    if (this.#sender !== undefined && !this.#sender.isRetrying) return;
    const old = this.#waiting.alerts.filter(
      ({ id, state, arrivedMs }) =>
        nowMs - arrivedMs > GIVE_UP_MS && !(state === 'resolved' && this.#told.of(id)?.state === 'told'),
    );
    if (old.length > 0) this.#giveUp(old);
  }

  #giveUp(alerts: readonly Alert[]): void {
    if (this.#sender !== undefined) this.#options.onFault(this.#sender.fault('ALERTS_GIVEN_UP', alerts.length));
    this.#forget(alerts);
  }

  #forget(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.#told.giveUp(alert);
    this.#drop(alerts);
    void this.#save();
  }

  #save(): Promise<boolean> {
    return this.#options.keeper.write(() => ({
      waiting: this.#waiting.alerts,
      told: this.#told.saved,
      ...this.#sender?.saved,
    }));
  }

  #show(): void {
    const { lines } = this.#sender === undefined ? plan(this.#waiting.alerts, this.#told.of) : { lines: [] };
    this.#options.onView({
      ...(this.#sender?.view ?? { isStopped: false }),
      waiting: this.#waiting.length,
      untold: lines.length + this.#told.untold,
    });
  }
}
