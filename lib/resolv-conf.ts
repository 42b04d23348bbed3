/** How the system completes a short name, by resolv.conf(5). */
export interface SearchRules {
  readonly domains: readonly string[];
  /** A name with fewer dots than this is tried with the domains first. */
  readonly dots: number;
}

/** The last of `domain` and `search` counts. What follows no rule is left out. */
export function parseResolvConf(text: string): SearchRules {
  let domains: string[] = [];
  let dots = 1;
  for (const line of text.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'search') domains = values;
    else if (key === 'domain') domains = values.slice(0, 1);
    else if (key === 'options') dots = dotsOf(values) ?? dots;
  }
  return { domains: domains.map((domain) => domain.replace(/^\.+|\.+$/g, '')).filter((domain) => domain !== ''), dots };
}

function dotsOf(options: readonly string[]): number | undefined {
  const found = options.map((option) => /^ndots:(\d+)$/.exec(option)?.[1]).findLast((count) => count !== undefined);
  return found === undefined ? undefined : Math.min(15, Number(found));
}

/** The whole names that the system would ask the name servers for, in its order. */
export function candidatesOf(name: string, { domains, dots }: SearchRules): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const completed = domains.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 >= dots ? [name, ...completed] : [...completed, name];
}

/**
 * Whether a name is none of the name servers' business: `.local` of two parts is for multicast DNS, where a host has that.
 * A name without a dot is only theirs with a search domain, which `candidatesOf` adds.
 */
export function isForSystemOnly(name: string): boolean {
  return /^[^.]+\.local\.?$/i.test(name);
}
