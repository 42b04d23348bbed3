import type { TlsOptions } from 'node:tls';
import { errorCode } from '../../../lib/errors.ts';
import { findOwnContainer } from '../../../lib/io/own-container.ts';
import { wait } from '../../../lib/io/wait.ts';
import { Counts } from '../counts.ts';
import { receivedRecord } from '../document/record.ts';
import type { Foreign } from '../frame/foreign.ts';
import type { Settings } from '../settings.ts';
import { SharedRoom } from '../shared-room.ts';
import { HttpPort } from './http-port.ts';
import { Intake, type Sink } from './intake.ts';
import { portOwner } from './port-owner.ts';
import { StreamPort } from './stream-port.ts';
import { UdpPort } from './udp-port.ts';
import { Unpacker } from './unpack.ts';

/** A node, as long as it runs. */
export interface Client extends Sink {
  /** Resolves to false where the node ended before. */
  settled(): Promise<boolean>;
  opened(at: string): void;
  /** The port cannot be had; it is tried again. `owner`: the program that has it. */
  failed(error: unknown, owner: string | undefined): void;
  /** Something to know, once: `smallBuffer`, `limit`, and what a connection speaks. */
  notice(kind: 'smallBuffer' | 'limit' | Foreign, detail: string): void;
}

export interface ReceiverOptions {
  readonly settings: Settings;
  readonly relay: string;
  readonly tls: TlsOptions | undefined;
}

/** How long a port that is taken is left alone. */
const RETRY_MS = 30_000;
/** Bytes of chunks, of unfinished frames and of what waits are one bound. */
type Port = UdpPort | StreamPort | HttpPort;

/**
 * The ports of a node, and what came in over them. It may outlive the node: where a Deploy does not change its settings, the
 * next node goes on with it, and nobody who sends sees that there was one.
 */
export class Receiver {
  readonly counts = new Counts();
  readonly #options: ReceiverOptions;
  readonly #room: SharedRoom;
  readonly #intake: Intake;
  readonly #closing = new AbortController();
  readonly #told = new Set<string>();
  readonly #attached: (() => void)[] = [];
  #ownContainer: string | undefined;
  #ports: Port[] = [];
  #client: Client | undefined;
  #at: string | undefined;
  #running: Promise<void> | undefined;
  #isHeld = true;
  /** Set while a server behind has no room. */
  #fullSinceMs: number | undefined;
  #released: (() => void)[] = [];

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#room = new SharedRoom(options.settings.memoryBytes);
    const { relay } = options;
    const unpacker = new Unpacker(this.#room);
    this.#intake = new Intake({
      ...{ counts: this.counts, room: this.#room },
      unpack: (datagram, sender, use) => unpacker.unpack(datagram, sender, use),
      read: (text, sender, nowMs) => receivedRecord(text, sender, nowMs, { relay, ownContainer: this.#ownContainer }),
    });
  }

  get connections(): number {
    return this.#ports.reduce((sum, port) => sum + ('connections' in port ? port.connections : 0), 0);
  }

  /** Hands everything to this node from now on. Opens the ports where they are not open. */
  attach(client: Client): void {
    this.#client = client;
    this.#hold(true);
    this.#intake.attach(client);
    for (const go of this.#attached.splice(0)) go();
    if (this.#at !== undefined) client.opened(this.#at);
    this.#running ??= this.#run();
  }

  /** Takes in, and hands nothing on, until another node comes. */
  detach(): void {
    this.#intake.detach();
    this.#client = undefined;
    this.press(false);
    this.#hold(false);
  }

  /** Whether a server that the wires lead to has no room. */
  press(isFull: boolean): void {
    this.#fullSinceMs = isFull ? (this.#fullSinceMs ?? performance.now()) : undefined;
    if (!isFull) for (const go of this.#released.splice(0)) go();
  }

  /** Whether senders were held back for so long that they are read again, and there is still no room. */
  get isOverdue(): boolean {
    return this.#fullSinceMs !== undefined && performance.now() - this.#fullSinceMs >= this.#options.settings.holdMs;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.press(false);
    for (const go of this.#attached.splice(0)) go();
    const ports = this.#ports;
    this.#ports = [];
    await Promise.all(ports.map((port) => port.close()));
    await this.#running;
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const port of this.#ports) port.hold(isHeld);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    this.#ownContainer = await findOwnContainer();
    while (!signal.aborted) {
      const broken = await this.#serve();
      if (signal.aborted) return;
      const { port, isUdp } = this.#options.settings;
      const isTaken = errorCode(broken) === 'EADDRINUSE';
      const owner = isTaken ? await this.#ownerOf(port, isUdp) : undefined;
      this.#client?.failed(broken, owner);
      await wait(RETRY_MS, signal);
    }
  }

  async #ownerOf(port: number, isUdp: boolean): Promise<string | undefined> {
    const byStream = this.#options.settings.isTcp || this.#options.settings.isHttp;
    return (isUdp ? await portOwner('udp', port) : undefined) ?? (byStream ? portOwner('tcp', port) : undefined);
  }

  /** Opens the ports and serves until one of them breaks. Resolves to why. */
  async #serve(): Promise<unknown> {
    let broke: (error: unknown) => void = () => undefined;
    const broken = new Promise<unknown>((resolve) => {
      broke = resolve;
    });
    this.#closing.signal.addEventListener('abort', () => broke(undefined), { once: true });
    const ports = this.#make(broke);
    try {
      const places: string[] = [];
      for (const port of ports) {
        places.push(await port.open());
        this.#ports.push(port);
      }
      if (this.#closing.signal.aborted) return undefined;
      this.#hold(this.#isHeld);
      this.#at = places[0] ?? '';
      this.#client?.opened(this.#at);
      return await broken;
    } catch (error) {
      return error;
    } finally {
      this.#at = undefined;
      this.#ports = [];
      await Promise.all(ports.map((port) => port.close()));
    }
  }

  #make(lost: (error: unknown) => void): Port[] {
    const { settings, tls } = this.#options;
    const { port, address, mostBytes, connections, isAllowed } = settings;
    const shared = {
      port,
      address,
      mostBytes,
      isAllowed,
      intake: this.#intake,
      counts: this.counts,
      room: this.#room,
      lost,
    };
    const notice: Client['notice'] = (kind, detail) => this.#notice(kind, detail);
    const stream = { ...shared, tls, connections, settled: () => this.#settled(), refused: notice };
    const ports: Port[] = [];
    if (settings.isUdp) {
      const smallBuffer = (bytes: number): void => notice('smallBuffer', String(bytes));
      ports.push(new UdpPort({ ...shared, smallBuffer }));
    }
    if (settings.isTcp) ports.push(new StreamPort({ ...stream, mayRead: () => this.#mayRead() }));
    if (settings.isHttp) ports.push(new HttpPort({ ...stream, isFull: () => this.#fullSinceMs !== undefined }));
    return ports;
  }

  #notice(kind: Parameters<Client['notice']>[0], detail: string): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#client?.notice(kind, detail);
  }

  /**
   * A sender over TCP waits while there is no room, but not for long: Docker's driver stops the application that it logs for.
   * After that the server drops by its policy.
   */
  #mayRead(): Promise<void> | undefined {
    if (this.#fullSinceMs === undefined || this.isOverdue) return undefined;
    const leftMs = this.#options.settings.holdMs - (performance.now() - this.#fullSinceMs);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, leftMs);
      this.#released.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #settled(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const client = this.#client;
      if (client !== undefined && (await client.settled())) return;
      if (this.#client === undefined && !this.#closing.signal.aborted)
        await new Promise<void>((resolve) => this.#attached.push(resolve));
    }
    // Nobody knows whether it is safe: the connection breaks, and its sender sends again.
    throw new Error('closed');
  }
}
