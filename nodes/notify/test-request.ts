import { alertOf } from './alert.ts';
import type { NotifyConfig, NotifyCredentials } from './settings.ts';
import { type Entry, entryOf, type Speech } from './text/entry.ts';

/** What the Test button sends: the dialog as it stands, not yet deployed. */
export interface TestRequest extends NotifyConfig, NotifyCredentials {
  id?: string;
  /** The editor has another TLS configuration than the one that is deployed. */
  isTlsChanged?: boolean;
}

const TEXTS = ['id', 'service', 'chat', 'template', 'tls', 'zone', 'url', 'token', 'user', 'password'] as const;
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
  if (Reflect.get(body, 'isTlsChanged') === true) request.isTlsChanged = true;
  return request;
}

/** What real alerts have in them, and a first test in plain letters would not. */
const AWKWARD = 'äöü ß € 日本 🚀 & < > " \' \\ * _ ~ ` # | @everyone <!channel> [a](b) {{c}} %0A\nline 2';

/** An alert that looks like a real one, is marked as a test, and has in it what breaks formats. */
export function trialEntry(host: string, id: string, nowMs: number, speech: Speech): Entry {
  const payload = {
    message: AWKWARD,
    host,
    alert_name: speech.translate('test.name'),
    alert_state: 'firing',
    alert_id: id,
    alert_key: '/srv/data & <logs>',
    alert_severity: 'notice',
    alert_since: new Date(nowMs - 90_000).toISOString(),
    alert_value: 91.5,
    alert_limit: 90,
    alert_test: 1,
    disk_used_percent: 91.5,
  };
  const alert = alertOf({ payload }, nowMs);
  return entryOf({ said: 'firing', alert, alerts: [alert] }, nowMs, speech);
}
