/** Whether the name in a `Host` header is an address: a name server cannot have given it. */
export function isIpAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^\[[0-9a-f:.]+\]$/.test(host);
}

/** The names by which this host is asked: its own, and those that a proxy uses (`MONITORING_ALLOWED_HOSTS`). */
export function ownNames(hostName: string, allowed: string | undefined): ReadonlySet<string> {
  const bare = (name: string): string =>
    name
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/:\d+$/, '')
      .replace(/\/.*$/, '');
  const own = hostName.toLowerCase();
  const names = [own, `${own}.local`, own.split('.')[0] ?? '', ...(allowed ?? '').split(',').map(bare)];
  return new Set(names.filter((name) => name !== ''));
}
