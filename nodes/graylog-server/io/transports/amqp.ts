import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { ChannelModel, ConfirmChannel, Message, Options } from 'amqplib';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { withTimeout } from '../../../../lib/io/timeout.ts';
import { type BrokerPlace, type BrokerRoute, faultOfBroker, largestTaken } from '../../broker-fault.ts';
import type { BrokerLogin, Endpoint } from '../../endpoint.ts';
import { faultOfHandshake } from '../../peer-fault.ts';
import { firstWords } from './first-words.ts';
import type { Ending, Outgoing, Refused, SendResult, Transport } from './transport.ts';

export interface AmqpOptions extends BrokerRoute {
  /** Present for `amqps`. */
  tls?: ConnectionOptions | undefined;
  /** The login where the address has none. */
  login?: BrokerLogin | undefined;
  connectTimeoutMs: number;
  /** How long a broker may take to confirm the next of what it was sent. */
  confirmTimeoutMs: number;
  lookup?: LookupFunction | undefined;
  /** What brokers of these options are known to take at most, in bytes: learned from a refusal. */
  limit: { bytes: number };
}

/** What every broker begins with (RabbitMQ allows it on loopback only). */
const FIRST_LOGIN: BrokerLogin = { user: 'guest', password: 'guest' };
/** A broker that is gone without a word is noticed after two of them. */
const HEARTBEAT_SECONDS = 10;
const KEEP_ALIVE_MS = 10_000;
/** How long a connection may take to end in good order. */
const HANG_UP_MS = 1_000;
/** The name of the connection in the broker's own pages. */
const CONNECTION_NAME = '@infra-monitoring/node-red';

/**
 * GELF through a broker that speaks AMQP 0-9-1: one document a message, as Graylog's AMQP inputs take them. Only what the
 * broker has confirmed is delivered: it has a queue for it, and has written it to disk.
 */
export class AmqpTransport implements Transport {
  readonly confirms = 'batch';
  readonly #endpoint: Endpoint;
  readonly #options: AmqpOptions;
  readonly #place: BrokerPlace;
  readonly #lost = new AbortController();
  /** Destroys the socket. */
  readonly #socket = new AbortController();
  #model: ChannelModel | undefined;
  #channel: ConfirmChannel | undefined;
  /** Places in the present batch of messages that no queue wanted. */
  readonly #unrouted = new Set<number>();
  /** Whether the broker has taken a message over this connection. */
  #isProven = false;

  constructor(endpoint: Endpoint, options: AmqpOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#place = { ...options, vhost: endpoint.path };
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async open(signal: AbortSignal): Promise<void> {
    const end = (): void => this.#socket.abort();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    try {
      const { connectTimeoutMs } = this.#options;
      const late = (): never => {
        throw new MonitoringError('NO_ANSWER');
      };
      await withTimeout(this.#openChannel(), connectTimeoutMs, late);
    } catch (error) {
      this.#socket.abort();
      throw await this.#faultOfOpening(error, signal);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /**
   * The first message of a connection goes alone: a broker that takes none, since its disk is full or a queue is missing, is
   * found out with one, and not with a batch that comes twice.
   */
  async send({ texts }: Outgoing): Promise<SendResult> {
    const refused: Refused[] = [];
    const isDone = new Uint8Array(texts.length);
    this.#unrouted.clear();
    const bodies = texts.map((text, index) => this.#bodyOf(text, index, refused));
    for (const { index } of refused) isDone[index] = 1;
    const first = this.#isProven ? -1 : isDone.indexOf(0);
    let failure = first < 0 ? undefined : await this.#publish(bodies, [first], isDone);
    if (failure === undefined && texts.length > 0) {
      this.#isProven = true;
      const rest = [...bodies.keys()].filter((index) => isDone[index] === 0);
      failure = await this.#publish(bodies, rest, isDone);
    }
    const open = isDone.indexOf(0);
    const sent = open < 0 ? texts.length : open;
    if (failure === undefined) return { sent, refused };
    this.#lose(failure);
    return { sent, refused, failure };
  }

  /** Every message was confirmed: there is nothing to hand over. */
  async close(signal?: AbortSignal): Promise<Ending> {
    const model = this.#model;
    if (model !== undefined && signal?.aborted !== true && !this.#lost.signal.aborted) {
      const end = (): void => this.#socket.abort();
      signal?.addEventListener('abort', end);
      await withTimeout(model.close(), HANG_UP_MS, () => undefined).catch(() => undefined);
      signal?.removeEventListener('abort', end);
    }
    this.#socket.abort();
    this.#lost.abort(new MonitoringError('CLOSED'));
    return { isRead: true };
  }

  async #openChannel(): Promise<void> {
    // Who uses no broker does not load the library.
    const { connect } = await import('amqplib');
    const { tls, lookup, connectTimeoutMs, exchange, routingKey } = this.#options;
    const socketOptions = {
      ...tls,
      ...(lookup === undefined ? {} : { lookup }),
      signal: this.#socket.signal,
      timeout: connectTimeoutMs,
      noDelay: true,
      keepAlive: true,
      keepAliveDelay: KEEP_ALIVE_MS,
      clientProperties: { connection_name: CONNECTION_NAME },
    };
    const model = await connect(this.#target(), socketOptions);
    this.#model = model;
    model.on('error', (error: Error) => this.#lose(error));
    model.on('close', (error?: Error) => this.#lose(error ?? new MonitoringError('CLOSED_BY_PEER')));
    model.on('blocked', (reason: string) => this.#lose(new MonitoringError('BROKER_BLOCKED', { reason })));
    const channel = await model.createConfirmChannel();
    this.#channel = channel;
    channel.on('error', (error: Error) => this.#lose(error));
    channel.on('close', () => this.#lose(new MonitoringError('CLOSED_BY_PEER')));
    channel.on('return', ({ properties }: Message) => this.#unrouted.add(Number(properties.correlationId)));
    if (exchange === '') await channel.checkQueue(routingKey);
    else await channel.checkExchange(exchange);
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason;
  }

  #target(): Options.Connect {
    const { protocol, host, port, path, login } = this.#endpoint;
    const { user, password } = login ?? this.#options.login ?? FIRST_LOGIN;
    return {
      protocol,
      hostname: host,
      port,
      username: user,
      password,
      vhost: encodeURIComponent(path),
      heartbeat: HEARTBEAT_SECONDS,
    };
  }

  async #faultOfOpening(error: unknown, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) return new MonitoringError('CLOSED');
    if (this.#endpoint.protocol === 'amqps') return faultOfBroker(faultOfHandshake(error), this.#place);
    const fault = faultOfBroker(error, this.#place);
    const isStrange = ['NOT_AMQP', 'CLOSED_BY_PEER', 'ECONNRESET'].includes(errorCode(fault) ?? '');
    return (isStrange ? await firstWords(this.#endpoint, this.#options.lookup, signal) : undefined) ?? fault;
  }

  /** A message that is known to be too large is set aside: it would end every connection. */
  #bodyOf(text: string, index: number, refused: Refused[]): Buffer {
    const body = Buffer.from(text);
    const { bytes } = this.#options.limit;
    if (body.length > bytes) refused.push({ index, error: new MonitoringError('BROKER_TOO_LARGE', { most: bytes }) });
    return body;
  }

  /** Resolves to why not all of them were confirmed, or undefined. `isDone` gets a 1 for each that was. */
  #publish(bodies: readonly Buffer[], places: readonly number[], isDone: Uint8Array): Promise<unknown> {
    const { exchange, routingKey, confirmTimeoutMs } = this.#options;
    const { signal } = this.#lost;
    return new Promise((resolve) => {
      let waiting = places.length;
      let failure: unknown;
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', lost);
        resolve(failure);
      };
      const lost = (): void => {
        failure ??= signal.reason;
        end();
      };
      const timer = setTimeout(() => {
        failure ??= new MonitoringError('NOT_CONFIRMED');
        end();
      }, confirmTimeoutMs);
      signal.addEventListener('abort', lost);
      if (signal.aborted) lost();
      if (signal.aborted || waiting === 0) return end();
      const confirmed = (index: number, error: unknown): void => {
        timer.refresh();
        const isRouted = !this.#unrouted.has(index);
        if (error === null && isRouted) isDone[index] = 1;
        else
          failure ??= isRouted
            ? faultOfBroker(error, this.#place)
            : new MonitoringError('NOT_ROUTED', { exchange, routingKey });
        waiting -= 1;
        if (waiting === 0) end();
      };
      try {
        for (const index of places) {
          const message = {
            persistent: true,
            mandatory: true,
            contentType: 'application/json',
            correlationId: String(index),
          };
          const body = bodies[index] as Buffer;
          this.#channel?.publish(exchange, routingKey, body, message, (error) => confirmed(index, error));
        }
      } catch (error) {
        // The library throws where the connection ended in this turn of the event loop.
        failure ??= faultOfBroker(error, this.#place);
        end();
      }
    });
  }

  #lose(error: unknown): void {
    const { limit } = this.#options;
    limit.bytes = Math.min(limit.bytes, largestTaken(error) ?? limit.bytes);
    this.#lost.abort(faultOfBroker(error, this.#place));
  }
}
