type Fields = { readonly [key: string]: unknown };

/** The last that was heard of a filesystem. Overlay mounts of containers are none of these. */
export interface Disk {
  readonly mount: string;
  readonly state: string;
  readonly usedPercent: number | null;
  readonly availableBytes: number | null;
  readonly totalBytes: number | null;
  /** Null where it is not expected to fill up. */
  readonly fullInSeconds: number | null;
  readonly atMs: number;
}

export function diskOf(record: Fields, atMs: number): Disk | undefined {
  const { disk_mount: mount, disk_state: state } = record;
  if (typeof mount !== 'string' || typeof record.container_name === 'string') return undefined;
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    mount: mount.slice(0, 200),
    state: String(state ?? ''),
    usedPercent: number(record.disk_used_percent),
    availableBytes: number(record.disk_available_bytes),
    totalBytes: number(record.disk_total_bytes),
    fullInSeconds: number(record.disk_full_in_seconds),
    atMs,
  };
}
