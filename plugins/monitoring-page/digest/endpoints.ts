type Fields = { readonly [key: string]: unknown };

/** The last that was heard of a check. */
export interface Endpoint {
  readonly name: string;
  readonly state: string;
  readonly code: number | null;
  readonly ms: number | null;
  readonly result: string;
  /** Since when it is down, in ms since 1970; null where it is up. */
  readonly downSinceMs: number | null;
  readonly tlsDaysLeft: number | null;
  readonly message: string;
  readonly atMs: number;
}

const LONGEST_MESSAGE = 200;

export function endpointOf(record: Fields, atMs: number): Endpoint | undefined {
  const { check_name: name, check_state: state, result_type: result, check_down_seconds: down } = record;
  if (typeof name !== 'string' || name === '') return undefined;
  return {
    name: name.slice(0, LONGEST_MESSAGE),
    state: typeof state === 'string' ? state : record.event_outcome === 'failure' ? 'down' : 'up',
    code: number(record.http_response_code),
    ms: number(record.http_response_time_ms),
    result: String(result ?? ''),
    downSinceMs: typeof down === 'number' && state === 'down' ? atMs - down * 1_000 : null,
    tlsDaysLeft: number(record.tls_days_left),
    message: String(record.message ?? '').slice(0, LONGEST_MESSAGE),
    atMs,
  };
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
