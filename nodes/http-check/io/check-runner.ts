import { setImmediate as turn } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { MonitoringError } from '../../../lib/errors.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import { SerialQueue } from '../../../lib/serial-queue.ts';
import type { Translate } from '../../../lib/status.ts';
import { decodeBody } from '../answer/body-text.ts';
import type { Exchange } from '../answer/exchange.ts';
import { type BodyTest, checkRecord, type Failure, judge } from '../answer/result.ts';
import { EndpointStates, onClock, type SavedEndpoint } from '../endpoint-states.ts';
import { OWN_PAGE, ownPageSettings } from '../own-page.ts';
import { type Asked, buildRequest, type Credentials, targetOf } from '../request/request.ts';
import { shownUrl, withoutUser } from '../request/url.ts';
import type { CheckSettings } from '../settings.ts';
import type { CheckState, Verdict } from '../state.ts';
import { type Shown, statusOf } from '../status.ts';
import { type CheckTools, runCheck } from './check.ts';

export interface RunnerOptions {
  readonly settings: CheckSettings;
  readonly credentials: Partial<Credentials>;
  /** What to ask; undefined: the page of this Node-RED, whose address is known only once it listens. */
  readonly url: URL | undefined;
  ownPage(): URL;
  readonly tls: ConnectionOptions;
  readonly bodyTest: BodyTest;
  /** The name of the check; blank: the host of what is asked. */
  readonly name: string;
  readonly host: string;
  readonly tools: CheckTools;
  readonly file: Pick<StateFile<SavedEndpoint>, 'read' | 'write' | 'remove'>;
  /** Gives the words of this package's errors. */
  readonly translate: Translate;
  /** Hears why the state could not be written, or that of an earlier run not be used. */
  onSaveFault(error: unknown): void;
  /** Calls off the check under way, and those that wait. */
  readonly signal: AbortSignal;
}

/** What came of one check. */
export interface CheckResult {
  name: string;
  record: InfraRecord;
  verdict: Verdict;
  /** Why it failed; undefined where it did not. */
  failure: Failure | undefined;
  shown: Shown;
}

/** Msgs that may wait for the check before them. */
const MOST_WAITING = 100;

/** Runs the checks of one node, one after the other, and keeps what is up and what is down. */
export class CheckRunner {
  readonly #options: RunnerOptions;
  readonly #queue = new SerialQueue();
  readonly #states: EndpointStates;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: RunnerOptions) {
    this.#options = options;
    const saved = options.file.read(({ error }) => options.onSaveFault(error));
    const restored = saved && restore(saved, options.url);
    this.#states = new EndpointStates(options.settings, restored);
    // A file of 0.1.0 may hold secrets of the URL.
    if (saved !== undefined && shownText(saved.url) !== saved.url) this.#write({ ...saved, url: shownText(saved.url) });
  }

  /**
   * Runs a check after those before it; `asked` is the msg that asks for it. Gives undefined where it was called off.
   * Rejects with `TOO_MANY_WAITING`, or with what `asked` has that cannot be used.
   */
  async run(asked?: Asked): Promise<CheckResult | undefined> {
    if (asked !== undefined && this.#queue.length >= MOST_WAITING) throw new MonitoringError('TOO_MANY_WAITING');
    return this.#queue.run(() => this.#check(asked));
  }

  /** Resolves once the state is in its file, or once the file of a node that is removed is gone. */
  close(isRemoved: boolean): Promise<void> {
    return isRemoved ? this.#options.file.remove() : this.#saving;
  }

  async #check(asked: Asked | undefined): Promise<CheckResult | undefined> {
    const { credentials, url, tls, tools, bodyTest, host, translate, signal } = this.#options;
    if (signal.aborted) return undefined;
    const own = url ?? this.#options.ownPage();
    const target = targetOf(asked, own);
    const isOwnPage = url === undefined && target === own;
    const settings = isOwnPage ? ownPageSettings(this.#options.settings) : this.#options.settings;
    const access = isOwnPage ? OWN_PAGE : { tls, variables: process.env };
    const request = buildRequest(settings, credentials, access, target, asked, own);
    const exchange = await runCheck(request, tools, signal);
    const text = exchange.body && (await readText(exchange.body, exchange));
    const failure = await judge(exchange, text, settings, bodyTest, translate);
    if (signal.aborted) return undefined;
    const verdict = this.#applyResult(withoutUser(target), failure);
    if (verdict.changed && withoutUser(target) === withoutUser(own)) this.#save(exchange.url, verdict.next);
    const name = this.#options.name || target.host;
    const record = checkRecord(
      exchange,
      text,
      failure,
      verdict,
      { ...settings, name, host, nowMs: Date.now() },
      translate,
    );
    return { name, record, verdict, failure, shown: statusOf(exchange, failure, verdict, settings.tlsWarnDays) };
  }

  /** What is this host's own fault says nothing about the endpoint. */
  #applyResult(endpoint: string, failure: Failure | undefined): Verdict {
    const nowMs = performance.now();
    if (failure?.type === 'local_error') return this.#states.verdictNow(endpoint, nowMs);
    return this.#states.applyResult(endpoint, failure === undefined, nowMs);
  }

  /** Only the state of the node's own endpoint is kept over a restart. */
  #save(url: string, state: CheckState): void {
    this.#write({ url, state: onClock(state, performance.now(), Date.now()) });
  }

  #write(saved: SavedEndpoint): void {
    const { file, onSaveFault } = this.#options;
    this.#saving = file.write(saved).catch(onSaveFault);
  }
}

/** A saved URL as files may have it. */
function shownText(url: string): string {
  return URL.canParse(url) ? shownUrl(new URL(url)) : '';
}

/** What a state file says of `own`, under the URL that tells it from others: the file has it without its secrets. */
function restore(saved: SavedEndpoint, own: URL | undefined): SavedEndpoint {
  const isOwn = own !== undefined && shownText(saved.url) === shownUrl(own);
  const state = onClock(saved.state, Date.now(), performance.now());
  return { url: isOwn ? withoutUser(own) : saved.url, state };
}

/** The text of a body; others run between its pieces. */
async function readText(body: Uint8Array, { contentType, truncated }: Exchange): Promise<string | undefined> {
  const decoding = decodeBody(body, contentType, truncated === true);
  for (;;) {
    const { done, value } = decoding.next();
    if (done === true) return value;
    await turn();
  }
}
