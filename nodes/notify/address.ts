import type { ServiceKind } from './services/index.ts';
import type { Target } from './services/service.ts';

/** The address where a service has only one. */
const TELEGRAM = 'https://api.telegram.org';

/** An http or https address; without a scheme it is https. Undefined where the text is none. */
export function parseAddress(text: string): URL | undefined {
  const trimmed = text.trim();
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (trimmed === '' || /\s/.test(trimmed) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

const HOSTS: readonly (readonly [pattern: RegExp, kind: ServiceKind])[] = [
  [/^hooks\.slack\.com\/|^hooks\.slack-gov\.com\//, 'slack'],
  [/^(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/[^/]+\/[^/]+\/slack$/, 'slack'],
  [/^(?:\w+\.)?discord(?:app)?\.com\//, 'discord'],
  [/^[^/]*\.(?:powerplatform\.com|logic\.azure\.com|webhook\.office\.com)\//, 'teams'],
  [/^api\.telegram\.org\//, 'telegram'],
  [/^(?:[^/]*\.)?ntfy\.[^/]+\//, 'ntfy'],
  [/\/hooks\/[a-z0-9]{26}$/, 'mattermost'],
];

/** The service that an address speaks of; undefined where it could be any. */
export function serviceOf(url: URL): ServiceKind | undefined {
  const place = `${url.hostname}${url.pathname}`;
  return HOSTS.find(([pattern]) => pattern.test(place))?.[1];
}

/** The address, or that of the service where it has only one and a token is there. */
export function addressOr(address: string | undefined, kind: string, token: string): string | undefined {
  return address ?? (kind === 'telegram' && token !== '' ? TELEGRAM : undefined);
}

/** Host and the last four characters of the rest: enough to tell two webhooks apart, too little to use one. */
export function masked(url: URL): string {
  const rest = `${url.pathname}${url.search}`;
  const end = rest.length > 8 ? rest.slice(-4) : '';
  return end === '' ? url.host : `${url.host}/…${end}`;
}

/** Takes the secrets of a target out of a text that somebody else made. */
export function withoutSecrets(text: string, { url, token, user, password }: Target): string {
  const shown = masked(url);
  const path = `${url.pathname}${url.search}`;
  const parts = url.pathname.split('/').filter((part) => part.length >= 8);
  const values = [...url.searchParams.values()].filter((value) => value.length >= 8);
  const secrets = [url.href, `${url.host}${path}`, path, token, password, url.password, user, ...parts, ...values];
  return secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, decoded(secret)])
    .reduce((rest, secret) => rest.replaceAll(secret, shown), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
