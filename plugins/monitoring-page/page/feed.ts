import type { Kind } from '../answer/kinds.ts';
import { type Cursor, parseCursor } from '../answer/query.ts';
import type { Contact, RecordsAnswer, State, Who } from './answers.ts';
import { type Client, contactAfter, NoAnswer } from './client.ts';
import { pause } from './frame.ts';
import { HostClock } from './host-clock.ts';
import { RecordList } from './record-list.ts';

const PAUSE_MS = 700;
const STATE_MS = 10_000;
const TICK_MS = 1_000;
/** A tick that comes so late says that the machine slept. */
const LATE_MS = 5_000;
/** An answer comes every ten seconds; two that fail to come are too many. */
const STALE_MS = 25_000;
const LEAST_RETRY_MS = 1_000;
const MOST_RETRY_MS = 30_000;

/** What the page shows, kept up to date by asking, for as long as somebody can see it. */
export class Feed {
  readonly records: RecordList;
  readonly client: Client;
  state: State | undefined;
  who: Who | undefined;
  contact: Contact = 'connecting';
  fault = '';
  hasNewVersion = false;
  readonly #changed: () => void;
  #isSeen = false;
  /** Where it is in the records; undefined where it begins anew. */
  #cursor: Cursor | undefined;
  /** Which state of the alerts it shows. */
  #alerts = 0;
  readonly #clock = new HostClock();
  #tickedMs = 0;
  #tickedWallMs = 0;
  #nextStateMs = 0;
  #retryMs = LEAST_RETRY_MS;
  #turn = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `workerAddress` is that of the script that looks for patterns; `changed` is called after each change. */
  constructor(client: Client, workerAddress: string, changed: () => void) {
    this.client = client;
    this.records = new RecordList(client, workerAddress, changed);
    this.#changed = changed;
  }

  /** The host's own time, in ms since 1970. */
  get nowMs(): number {
    return this.#clock.nowMs;
  }

  /** How old the newest answer is. */
  get ageMs(): number {
    return this.#clock.ageMs;
  }

  get isStale(): boolean {
    return this.#clock.isSet && (this.contact !== 'live' || this.ageMs > STALE_MS);
  }

  /** How far this machine's clock is from the host's. */
  get clockOffMs(): number {
    return this.#clock.offMs;
  }

  /** Whether it can be seen. What cannot asks nothing; what comes back begins anew. */
  see(isSeen: boolean): void {
    if (isSeen === this.#isSeen) return;
    this.#isSeen = isSeen;
    if (isSeen) this.restart();
    else this.#end();
  }

  /** Asks for everything anew. */
  restart(): void {
    this.#end();
    if (!this.#isSeen) return;
    this.#turn = new AbortController();
    this.#cursor = undefined;
    this.#retryMs = LEAST_RETRY_MS;
    [this.#tickedMs, this.#tickedWallMs] = [performance.now(), Date.now()];
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    void this.#run(this.#turn.signal);
  }

  /** Shows what is so now: to be called where something changes that is not heard of from the server. */
  draw(): void {
    this.#changed();
  }

  /** Shows another kind of records, or the lines of a container. */
  async choose(kind: Kind, container?: string): Promise<void> {
    this.records.choose(kind, container);
    await this.#reload();
  }

  /** Shows the records of the last hour that hold a text, or fit a pattern between slashes. */
  async searchFor(typed: string): Promise<void> {
    this.records.searchFor(typed);
    await this.#reload();
  }

  async loadOlder(): Promise<void> {
    await this.records.loadOlder();
    this.#changed();
  }

  /** Tells an alert something, and looks what became of it. Throws `NoAnswer`. */
  async command(body: object): Promise<void> {
    await this.client.post('alert', body);
    this.#nextStateMs = 0;
    await this.#loadState(this.#turn.signal);
    this.#changed();
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#turn.abort();
  }

  #tick(): void {
    const [nowMs, wallMs] = [performance.now(), Date.now()];
    // In a machine that sleeps the one clock may stand still, and the other is set when it wakes.
    const passedMs = Math.max(nowMs - this.#tickedMs, wallMs - this.#tickedWallMs);
    [this.#tickedMs, this.#tickedWallMs] = [nowMs, wallMs];
    if (passedMs > TICK_MS + LATE_MS) this.restart();
    this.#changed();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const isFull = this.#cursor === undefined ? await this.#begin(signal) : await this.#goOn(signal);
        this.#retryMs = LEAST_RETRY_MS;
        await pause(isFull ? PAUSE_MS : 0, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(error);
        this.#changed();
        await pause(this.#retryMs * (0.5 + Math.random()), signal);
        this.#retryMs = Math.min(MOST_RETRY_MS, this.#retryMs * 2);
      }
    }
  }

  async #begin(signal: AbortSignal): Promise<boolean> {
    this.who = await this.client.get<Who>('whoami', {}, signal);
    await this.#loadState(signal);
    await this.#loadList(signal);
    this.#changed();
    return true;
  }

  async #goOn(signal: AbortSignal): Promise<boolean> {
    const answer = await this.client.get<RecordsAnswer>('poll', { cursor: this.#cursorText() }, signal);
    if (signal.aborted) return false;
    this.#hear(answer.nowMs);
    this.#lookAtBuild(answer.build);
    if (answer.isNew === true) {
      this.#cursor = undefined;
      return true;
    }
    this.#cursor = parseCursor(answer.cursor);
    await this.records.take(answer.records, answer.missed ?? 0, signal);
    const isChanged = this.#cursor?.alerts !== this.#alerts;
    if (isChanged || performance.now() >= this.#nextStateMs) await this.#loadState(signal);
    this.#changed();
    return answer.records.length > 0;
  }

  async #reload(): Promise<void> {
    await this.#loadList().catch(() => undefined);
    this.#changed();
  }

  async #loadState(signal: AbortSignal): Promise<void> {
    const state = await this.client.get<State>('state', {}, signal);
    this.#hear(state.nowMs);
    this.#lookAtBuild(state.build);
    this.state = state;
    this.#alerts = parseCursor(state.cursor)?.alerts ?? 0;
    this.#nextStateMs = performance.now() + STATE_MS;
  }

  async #loadList(signal?: AbortSignal): Promise<void> {
    const answer = await this.records.load(signal);
    if (answer === undefined) return;
    this.#hear(answer.nowMs);
    this.#cursor = parseCursor(answer.cursor);
  }

  #cursorText(): string {
    const { boot, number } = this.#cursor ?? { boot: 'none', number: 0 };
    return `${boot}.${number}.${this.#alerts}`;
  }

  #hear(hostMs: number): void {
    this.#clock.hear(hostMs);
    this.contact = 'live';
    this.fault = '';
  }

  #lookAtBuild(build: string): void {
    this.#build ??= build;
    this.hasNewVersion = build !== this.#build;
  }
  #build: string | undefined;

  #fail(error: unknown): void {
    const failure = error instanceof NoAnswer ? error : new NoAnswer(0, String(error));
    this.fault = failure.fault;
    this.contact = contactAfter(failure);
  }
}
