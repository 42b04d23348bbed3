import { isIpAddress } from './host-name.ts';

/** Who asks, as Node-RED found it out. */
export interface Reader {
  /** Undefined where nobody has to log in. */
  readonly user?: unknown;
  readonly authInfo?: unknown;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

export interface Who {
  readonly name: string | null;
  /** Not logged in, where others do. */
  readonly isAnonymous: boolean;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  readonly withNames: boolean;
}

/** What readers who did not log in may see, where there is a log-in: `MONITORING_ANONYMOUS`. */
export type Anonymous = 'none' | 'masked' | 'full';

export function parseAnonymous(value: string | undefined): Anonymous {
  return value === 'none' || value === 'full' ? value : 'masked';
}

/** Node-RED's own rule: which scope includes a permission. */
function hasPermission(scope: unknown, permission: string): boolean {
  if (Array.isArray(scope)) return scope.some((one) => hasPermission(one, permission));
  if (scope === '*' || scope === permission) return true;
  if (scope === 'read' || scope === '*.read') return permission.endsWith('.read');
  return (scope === 'write' || scope === '*.write') && permission.endsWith('.write');
}

/** `hasLogIn`: whether Node-RED has users at all. */
export function whoIs({ user, authInfo }: Reader, hasLogIn: boolean, anonymous: Anonymous): Who {
  if (!hasLogIn) return { name: null, isAnonymous: false, mayRead: true, mayWrite: true, withNames: true };
  const { username, anonymous: isDefault } = membersOf(user);
  const { scope } = membersOf(authInfo);
  const isAnonymous = isDefault === true || typeof username !== 'string';
  const may = (permission: string): boolean => hasPermission(scope, permission);
  return {
    name: isAnonymous ? null : String(username),
    isAnonymous,
    mayRead: may('infra-monitoring.read') && !(isAnonymous && anonymous === 'none'),
    mayWrite: may('infra-monitoring.write') && !(isAnonymous && anonymous === 'none'),
    withNames: !isAnonymous || anonymous === 'full',
  };
}

/**
 * Whether a request asks by a name that is not this host's, which is how a page of another site makes a browser take this
 * Node-RED for a part of itself. Who had to log in, here or at a proxy, is asked nothing.
 */
export function isStrangeHost({ headers }: Reader, own: ReadonlySet<string>): boolean {
  if (headers.authorization !== undefined) return false;
  const [, name = ''] = /^(\[[^\]]*\]|[^:/]*)(?::\d*)?$/.exec(String(headers.host ?? '').toLowerCase()) ?? [];
  const host = name.replace(/\.$/, '');
  return !(isIpAddress(host) || host === 'localhost' || host.endsWith('.localhost') || own.has(host));
}

function membersOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}
