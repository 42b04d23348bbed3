import { configured, settingOr } from '../../lib/environment.ts';
import { isAllowed, type NumberField, numberOf } from '../../lib/number-field.ts';
import { isZone } from '../../lib/time-zone.ts';
import { addressOr, parseAddress, serviceOf } from './address.ts';
import { ALERT_SEVERITIES, type AlertSeverity } from './alert.ts';
import { SERVICE_KINDS, type ServiceKind } from './services/index.ts';
import type { Target } from './services/service.ts';
import { isTemplate } from './services/template.ts';

export const COLLECT = { initial: '5', minimum: 0, maximum: 300 } as const satisfies NumberField;
/** Who is told has chosen what he is told of. */
export const LEAST = 'notice';

export interface NotifyConfig {
  service?: unknown;
  chat?: unknown;
  template?: unknown;
  leastSeverity?: unknown;
  collectSeconds?: unknown;
  tls?: unknown;
  zone?: unknown;
}

export interface NotifyCredentials {
  url?: string;
  token?: string;
  user?: string;
  password?: string;
}

export interface NotifySettings {
  /** Undefined: no address. */
  readonly target: Target | undefined;
  readonly kind: ServiceKind;
  readonly least: AlertSeverity;
  readonly collectMs: number;
  /** Blank: that of the host. */
  readonly zone: string;
}

/** What the dialog and the run time check alike: whether a property can have a value. */
export const CHECKS = {
  service: (value: unknown) => value === undefined || value === '' || SERVICE_KINDS.some((kind) => kind === value),
  leastSeverity: (value: unknown) => ALERT_SEVERITIES.some((severity) => severity === settingOr(value, LEAST)),
  collectSeconds: (value: unknown) => isAllowed(COLLECT, value),
  zone: (value: unknown) => configured(value) === undefined || isZone(String(value).trim()),
  template: (value: unknown, service: unknown) => service !== 'template' || isTemplate(String(value ?? '')),
  chat: (value: unknown, service: unknown) =>
    service !== 'telegram' || configured(value) === undefined || isChat(String(value)),
} as const;

/** A number, a name with an @, and the number of a topic after a slash. */
function isChat(chat: string): boolean {
  return /^(?:-?\d{1,15}|@\w{4,64})(?:\/\d+)?$/.test(chat.trim());
}

/**
 * The settings of a node, or the name of the property that has a value it cannot have. `address` is that of the credentials
 * or of the environment.
 */
export function readSettings(
  config: NotifyConfig,
  credentials: NotifyCredentials,
  address: string | undefined,
): NotifySettings | { readonly wrong: string } {
  const { service } = config;
  const wrong = (Object.keys(CHECKS) as (keyof typeof CHECKS)[]).find((name) => !CHECKS[name](config[name], service));
  if (wrong !== undefined) return { wrong };
  const [token = '', user = '', password = ''] = [credentials.token, credentials.user, credentials.password].map(
    configured,
  );
  const text = addressOr(address, String(service ?? ''), token);
  const url = text === undefined ? undefined : parseAddress(text);
  if (text !== undefined && url === undefined) return { wrong: 'url' };
  const chosen = SERVICE_KINDS.find((kind) => kind === service);
  const target = {
    token,
    user,
    password,
    chat: configured(config.chat) ?? '',
    template: String(config.template ?? ''),
  };
  return {
    target: url === undefined ? undefined : { url, ...target },
    // Slack's JSON is what most programs understand.
    kind: chosen ?? (url === undefined ? undefined : serviceOf(url)) ?? 'slack',
    least: settingOr(config.leastSeverity, LEAST) as AlertSeverity,
    collectMs: (numberOf(COLLECT, config.collectSeconds) ?? 0) * 1000,
    zone: configured(config.zone) ?? '',
  };
}
