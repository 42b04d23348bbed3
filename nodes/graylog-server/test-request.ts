import type { DeliveryConfig } from './options.ts';

/** What the Test button sends: the dialog as it stands, not yet deployed. */
export interface TestRequest extends DeliveryConfig {
  id?: string;
  endpoints?: string;
  port?: string;
  host?: string;
  tls?: string;
  authorization?: string;
  brokerUser?: string;
  brokerPassword?: string;
  /** The editor has another TLS configuration than the one that is deployed. */
  isTlsChanged?: boolean;
}

const TEXTS = [
  'id',
  'endpoints',
  'port',
  'host',
  'tls',
  'authorization',
  'brokerUser',
  'brokerPassword',
  'exchange',
  'routingKey',
  'compression',
  'chunkBytes',
] as const satisfies (keyof TestRequest)[];

const FLAGS = ['bulk', 'gzip', 'isTlsChanged'] as const satisfies (keyof TestRequest)[];

/** What the editor has as the value of a choice of config nodes where none is chosen. */
const NO_NODE = '_ADD_';

/** The body of a request, of which it takes the properties that have the right type. */
export function parseTestRequest(body: unknown): TestRequest {
  const request: TestRequest = {};
  if (typeof body !== 'object' || body === null) return request;
  for (const name of TEXTS) {
    const value: unknown = Reflect.get(body, name);
    if (typeof value === 'string' && value !== NO_NODE) request[name] = value;
  }
  for (const name of FLAGS) if (Reflect.get(body, name) === true) request[name] = true;
  return request;
}
