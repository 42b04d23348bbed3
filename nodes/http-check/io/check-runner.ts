import { setImmediate as turn } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { MonitoringError } from '../../../lib/errors.ts';
import type { Resolver } from '../../../lib/io/resolver.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import { SerialQueue } from '../../../lib/serial-queue.ts';
import type { Translate } from '../../../lib/status.ts';
import { decodeBody } from '../answer/body-text.ts';
import { type BodyTest, checkRecord, judge } from '../answer/result.ts';
import { EndpointStates, type SavedEndpoint } from '../endpoint-states.ts';
import { OWN_PAGE } from '../own-page.ts';
import { type Asked, buildRequest, type Credentials, targetOf } from '../request/request.ts';
import { shownUrl, withoutUser } from '../request/url.ts';
import type { CheckSettings } from '../settings.ts';
import type { CheckState, Verdict } from '../state.ts';
import { type Shown, statusOf } from '../status.ts';
import { runCheck } from './check.ts';

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
  readonly resolver: Resolver;
  readonly file: StateFile<SavedEndpoint>;
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
    if (saved !== undefined && shownText(saved.url) !== saved.url) this.#save(shownText(saved.url), saved.state);
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
    const { settings, credentials, url, tls, resolver, bodyTest, host, translate, signal } = this.#options;
    if (signal.aborted) return undefined;
    const own = url ?? this.#options.ownPage();
    const target = targetOf(asked, own);
    const access = url === undefined && target === own ? OWN_PAGE : { tls, variables: process.env };
    const request = buildRequest(settings, credentials, access, target, asked, own);
    const exchange = await runCheck(request, resolver, signal);
    const text = exchange.body && (await readText(exchange.body, exchange.contentType));
    const failure = await judge(exchange, text, settings, bodyTest, translate);
    if (signal.aborted) return undefined;
    const nowMs = Date.now();
    const verdict = this.#states.applyResult(withoutUser(target), failure === undefined, nowMs);
    if (verdict.changed && withoutUser(target) === withoutUser(own)) this.#save(exchange.url, verdict.next);
    const name = this.#options.name || target.host;
    const record = checkRecord(exchange, text, failure, verdict, { ...settings, name, host, nowMs });
    return { name, record, verdict, shown: statusOf(exchange, failure, verdict, settings.tlsWarnDays) };
  }

  /** Only the state of the node's own endpoint is kept over a restart. */
  #save(url: string, state: CheckState): void {
    const { file, onSaveFault } = this.#options;
    this.#saving = file.write({ url, state }).catch(onSaveFault);
  }
}

/** A saved URL as files may have it. */
function shownText(url: string): string {
  return URL.canParse(url) ? shownUrl(new URL(url)) : '';
}

/** What a state file says of `own`, under the URL that tells it from others: the file has it without its secrets. */
function restore(saved: SavedEndpoint, own: URL | undefined): SavedEndpoint {
  return own !== undefined && shownText(saved.url) === shownUrl(own) ? { ...saved, url: withoutUser(own) } : saved;
}

/** The text of a body; others run between its pieces. */
async function readText(body: Uint8Array, contentType: string | undefined): Promise<string | undefined> {
  const decoding = decodeBody(body, contentType);
  for (;;) {
    const { done, value } = decoding.next();
    if (done === true) return value;
    await turn();
  }
}
