/** What a broker's refusal means: the words of its reply, or of the library that speaks AMQP 0-9-1 with it. */

import { errorCode, MonitoringError, reason } from '../../lib/errors.ts';
import { visible } from '../../lib/visible.ts';

/** Where records go at a broker. */
export interface BrokerRoute {
  /** Empty for the default exchange, which leads to the queue that the routing key names. */
  readonly exchange: string;
  readonly routingKey: string;
}

/** The same with the virtual host, which its address names. */
export interface BrokerPlace extends BrokerRoute {
  readonly vhost: string;
}

/** The reply codes of AMQP 0-9-1 that say what is wrong (its specification, 1.3 "Constants"). */
const CODES = { forced: 320, refused: 403, missing: 404, notAllowed: 530 } as const;

const LONGEST_REASON = 200;

/** RabbitMQ's words for a message beyond its `max_message_size`. */
const TOO_LARGE = /message size \d+ is larger than configured max size (\d+)/;

/** The largest message in bytes that a broker takes, where its refusal names it. */
export function largestTaken(error: unknown): number | undefined {
  const [, most] = TOO_LARGE.exec(reason(error)) ?? [];
  return most === undefined ? undefined : Number(most);
}

/** Why a broker does not take records. What is no word of a broker, as an error of the system or of TLS, stays as it is. */
export function faultOfBroker(error: unknown, { exchange, routingKey, vhost }: BrokerPlace): unknown {
  if (error instanceof MonitoringError || errorCode(error) !== undefined) return error;
  const words = reason(error);
  const fault = (code: ConstructorParameters<typeof MonitoringError>[0], values = {}): MonitoringError =>
    new MonitoringError(code, { ...values, reason: replyOf(words) }, { cause: error });
  if (TOO_LARGE.test(words)) return fault('BROKER_TOO_LARGE', { most: largestTaken(error) });
  // The library does not say why the broker does not open a virtual host.
  if (/OpenOk; got <ConnectionClose/.test(words)) return fault('NO_VHOST', { vhost });
  const code = replyCode(error, words);
  if (code === CODES.missing)
    return /no exchange/.test(words) ? fault('NO_EXCHANGE', { exchange }) : fault('NO_QUEUE', { queue: routingKey });
  if (code === CODES.notAllowed) return fault('NO_VHOST', { vhost });
  if (code === CODES.refused)
    return fault(/Login was refused|Handshake/.test(words) ? 'BROKER_LOGIN' : 'BROKER_FORBIDDEN');
  if (code === CODES.forced) return fault('BROKER_STOPPED');
  if (code !== undefined) return fault('BROKER_REFUSED');
  return faultOfLibrary(words, error);
}

function faultOfLibrary(words: string, cause: unknown): MonitoringError {
  const fault = (code: ConstructorParameters<typeof MonitoringError>[0]) => new MonitoringError(code, {}, { cause });
  if (/ETIMEDOUT/.test(words)) return fault('NO_ANSWER');
  if (/Heartbeat timeout/.test(words)) return fault('PEER_SILENT');
  if (/nacked/.test(words)) return fault('BROKER_QUEUE_FULL');
  if (/SASL mechanism/.test(words)) return fault('BROKER_LOGIN');
  if (/abruptly|Unexpected close|closed|ended/i.test(words)) return fault('CLOSED_BY_PEER');
  return fault('NOT_AMQP');
}

/** The library has the code of a reply only once the connection is open; before, it stands in its words. */
function replyCode(error: unknown, words: string): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'number') return code;
  const [, text] = /(?:server|closed|failed): (?:\w+; )?(\d{3}) /.exec(words) ?? [];
  return text === undefined ? undefined : Number(text);
}

/** The broker's own words in those of the library. */
function replyOf(words: string): string {
  const [, quoted] = /with message "(.*)"/s.exec(words) ?? [];
  return visible((quoted ?? words).slice(0, LONGEST_REASON));
}
