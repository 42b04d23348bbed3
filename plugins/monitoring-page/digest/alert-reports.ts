/** An alert that may ring soon. Times in ms since 1970; null where there is none. */
export interface PendingReport {
  readonly node: string;
  readonly name: string;
  readonly key: string;
  readonly sinceMs: number | null;
  /** When it rings if nothing changes. */
  readonly dueMs: number | null;
  readonly count: number | null;
  readonly of: number | null;
}

/** A line of a chart. */
export interface Limit {
  readonly value: number;
  readonly isBad: boolean;
}

interface LimitSource {
  limitsOf?(field: string, record: object): unknown;
}

const MOST_PENDING = 20;
const MOST_LIMITS = 6;
/** The keys of a record by which a series is named, and what kind of record it is. */
const KINDS: { readonly [series: string]: { readonly log_type: string; readonly nameKey?: string } } = {
  http_response_time_ms: { log_type: 'http_check', nameKey: 'check_name' },
  disk_used_percent: { log_type: 'disk', nameKey: 'disk_mount' },
};

/** What an `alert` says may ring soon; nothing where the node is none, or of another version. */
export function pendingOf(node: unknown): PendingReport[] {
  const { id, name, service } = membersOf(node);
  const { pending } = membersOf(service);
  if (typeof id !== 'string' || !Array.isArray(pending)) return [];
  return (pending as unknown[]).slice(0, MOST_PENDING).flatMap((one) => {
    const { key, sinceMs, dueMs, count, of } = membersOf(one);
    if (typeof key !== 'string') return [];
    return [
      {
        ...{ node: id, name: String(name ?? ''), key },
        ...{ sinceMs: number(sinceMs), dueMs: number(dueMs), count: number(count), of: number(of) },
      },
    ];
  });
}

/** Gives the limits that `alert` nodes, and `disk-stats` nodes as they are set up, have for a series. */
export function limitsOf(nodes: readonly unknown[], diskSettings: readonly unknown[]): (series: string) => Limit[] {
  const ofDisks = diskLimits(diskSettings);
  const services = nodes.map((node) => membersOf(node).service as LimitSource | undefined);
  return (series) => {
    const at = series.indexOf(' ');
    const field = at === -1 ? series : series.slice(0, at);
    const { log_type = 'uptime', nameKey } = KINDS[field] ?? {};
    const record = { log_type, ...(nameKey !== undefined && { [nameKey]: series.slice(at + 1) }) };
    const ofAlerts = services.flatMap((service) => {
      const limits = service?.limitsOf?.(field, record);
      return Array.isArray(limits) ? (limits as unknown[]).flatMap(limitFrom) : [];
    });
    return [...ofAlerts, ...(field === 'disk_used_percent' ? ofDisks : [])].slice(0, MOST_LIMITS);
  };
}

/** Which node measures which filesystem is not known: they count where all have the same. */
function diskLimits(settings: readonly unknown[]): Limit[] {
  const limits = settings.map((one) => {
    const { warning, critical } = membersOf(one);
    return [...diskLimit(warning, false), ...diskLimit(critical, true)];
  });
  const [first = []] = limits;
  return limits.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first : [];
}

function diskLimit(setting: unknown, isBad: boolean): Limit[] {
  const value = typeof setting === 'string' && setting !== '' ? Number(setting) : Number.NaN;
  return value > 0 && value <= 100 ? [{ value, isBad }] : [];
}

function limitFrom(limit: unknown): Limit[] {
  const { value, severity } = membersOf(limit);
  return typeof value === 'number' ? [{ value, isBad: severity === 'critical' || severity === 'error' }] : [];
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function membersOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}
