import { type Bus, say } from '../../../lib/bus.ts';
import { errorCode } from '../../../lib/errors.ts';
import { Downstream } from '../../../lib/io/downstream.ts';
import { FlowPace, type WiredNode } from '../../../lib/io/flow-pace.ts';
import { RecordSender, type SendingNode } from '../../../lib/io/record-sender.ts';
import type { FlowNode } from '../../../lib/reach.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import type { Arguments, State } from '../../../lib/status.ts';
import { TopicCache } from '../../../lib/topic.ts';
import type { Received } from '../document/record.ts';
import { HostClocks } from '../host-clocks.ts';
import { HostShares } from '../host-shares.ts';
import { LossWindow } from '../loss-window.ts';
import type { Settings } from '../settings.ts';
import { receivingStatus } from '../status.ts';
import type { Receiver } from './receiver.ts';
import { Settlement } from './settle.ts';

export interface LinkOptions {
  readonly receiver: Receiver;
  readonly settings: Settings;
  readonly node: SendingNode;
  readonly bus: Bus;
  /** That of `RED.nodes`. */
  eachNode(hear: (node: FlowNode & WiredNode) => void): void;
  report(state: State, status: string, args: Arguments, fault?: string): void;
  warn(notice: string, args: Arguments): void;
  explain(error: unknown): string;
}

const COUNT_MS = 1_000;
/** What was not handed on is told at once, and then so often, in ms. */
const TELL_MS = 60_000;

/** Ties a running node to its receiver: what comes in goes out, and what becomes of it is said. */
export class Link {
  readonly #options: LinkOptions;
  readonly #ending = new AbortController();
  readonly #downstream: Downstream;
  readonly #pace: FlowPace;
  readonly #settlement: Settlement;
  readonly #timer: NodeJS.Timeout;
  #toldMs = Number.NEGATIVE_INFINITY;
  readonly #clocks = new HostClocks();
  readonly #losses = new LossWindow();
  /** Of what came while a server behind had no room. */
  readonly #shares = new HostShares();
  #sharesMs = 0;
  #at: string | undefined;
  #fullFor: string | undefined;
  #isSlowed = false;
  #receivedBefore: number;
  #lostBefore: number;

  constructor(options: LinkOptions) {
    const { receiver, node, bus, eachNode, warn } = options;
    this.#options = options;
    this.#receivedBefore = receiver.counts.received;
    this.#lostBefore = receiver.counts.lost;
    this.#pace = new FlowPace({
      ...{ node, eachNode },
      slowed: (isSlowed) => {
        this.#isSlowed = isSlowed;
      },
    });
    this.#downstream = new Downstream({
      ...{ bus, node, eachNode },
      paused: (servers) => {
        if (this.#fullFor === undefined) this.#sharesMs = performance.now();
        this.#fullFor = servers;
        if (servers === undefined) this.#shares.clear();
        receiver.press(servers !== undefined);
        this.#show();
      },
    });
    const { signal } = this.#ending;
    this.#settlement = new Settlement({ bus, node, eachNode, signal, windowMs: () => this.#downstream.delayMs });
    const send = sendTo(node);
    receiver.attach({
      isDirect: () => this.#settlement.isDirect,
      perTurn: () => this.#pace.perTurn(),
      send: (received, sender) => {
        if (this.#clocks.isAhead(received)) warn('clock', { host: String(received.payload.host) });
        if (this.#fullFor !== undefined) this.#shares.add(String(received.payload.host));
        send(received, sender);
      },
      settled: () => this.#settlement.settled(),
      opened: (at) => this.#opened(at),
      failed: (error, owner) => this.#failed(error, owner),
      notice: (kind, detail) => warn(kind, { detail, most: options.settings.connections }),
    });
    this.#timer = setInterval(() => {
      this.#show();
      if (performance.now() - this.#toldMs >= TELL_MS) this.#tell();
      if (performance.now() - this.#sharesMs >= TELL_MS) this.#tellShares();
    }, COUNT_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#show();
    this.#options.receiver.detach();
    this.#ending.abort();
    this.#tell();
    this.#pace.close();
    this.#downstream.close();
  }

  #opened(at: string): void {
    this.#at = at;
    if (at === '0.0.0.0' && this.#options.settings.address === undefined) this.#options.warn('onlyIpv4', {});
    this.#show();
  }

  #failed(error: unknown, owner: string | undefined): void {
    this.#at = undefined;
    const { report, explain, settings } = this.#options;
    const args = { port: settings.port, address: settings.address ?? '', reason: explain(error) };
    if (errorCode(error) !== 'EADDRINUSE') report('fault', 'status.failed', args);
    else if (owner === undefined) report('fault', 'status.taken', args);
    else report('fault', owner === 'self' ? 'status.takenBySelf' : 'status.takenBy', { ...args, owner });
  }

  #show(): void {
    const { receiver, settings, report, bus } = this.#options;
    const { received, lost } = receiver.counts;
    const perSecond = Math.max(0, received - this.#receivedBefore);
    const newlyLost = lost - this.#lostBefore;
    this.#receivedBefore = received;
    this.#lostBefore = lost;
    if (newlyLost > 0) say(bus, 'infra-monitoring:lost', { servers: this.#settlement.servers, count: newlyLost });
    this.#losses.add(newlyLost, performance.now());
    if (this.#at === undefined) return;
    report(
      ...receivingStatus({
        ...{ port: settings.port, at: this.#at, perSecond, received, lost: this.#losses.sum },
        ...{ connections: receiver.connections, mostConnections: settings.connections },
        ...{ fullFor: this.#fullFor, isOverdue: receiver.isOverdue, isSlowed: this.#isSlowed },
      }),
    );
  }

  /** Whoever floods a relay takes the room of all others: who that is stands in none of its records. */
  #tellShares(): void {
    const hosts = this.#shares.text;
    if (this.#fullFor === undefined || hosts === '') return;
    this.#sharesMs = performance.now();
    this.#options.warn('shares', { servers: this.#fullFor, hosts });
    this.#shares.clear();
  }

  #tell(): void {
    const untold = this.#options.receiver.counts.takeUntold();
    if (untold.length > 0) this.#toldMs = performance.now();
    for (const { reason, count, senders } of untold) this.#options.warn(`dropped.${reason}`, { count, senders });
  }
}

/** Sends records as the sources do: Node-RED would make up an id for every msg, which takes longer than reading it. */
function sendTo(node: SendingNode): (received: Received, sender: string) => void {
  const records = new RecordSender(node);
  const topics = new TopicCache('gelf/');
  const start = `${Math.random().toString(36).slice(2, 10)}.`;
  let count = 0;
  return ({ payload, numbers }, sender) => {
    count += 1;
    const msg = { _msgid: start + count.toString(36), topic: topics.topicOf(payload.host), payload, sender };
    if (numbers !== undefined) Object.assign(msg, { numbers });
    records.sendAll([payload as InfraRecord], (record) => ({ ...msg, payload: record }));
  };
}
