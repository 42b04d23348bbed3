import { containerNameOf } from '../../../lib/pods/record-name.ts';
import { type Container, containerAfter, writingContainer } from './containers.ts';
import { type Disk, diskOf } from './disks.ts';
import { type Endpoint, endpointOf } from './endpoints.ts';
import { Logins } from './logins.ts';

type Fields = { readonly [key: string]: unknown };

const HOUR_MS = 3_600_000;
const MOST_OF_A_KIND = 400;
/** Of the host these are shown. */
const HOST_KEYS = [
  ...['host', 'uptime_seconds', 'load_1m', 'load_per_core_1m', 'cpu_count', 'cpu_percent', 'memory_used_percent'],
  ...['memory_total_bytes', 'swap_used_percent', 'users'],
];
/** Some keys of a record, and when it came. */
export type Latest = { readonly atMs: number } & Fields;

/** What the records of some kinds say that is so now. */
export class Digest {
  readonly logins = new Logins();
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #disks = new Map<string, Disk>();
  readonly #containers = new Map<string, Container>();
  #host: Latest | undefined;

  add(record: Fields, atMs: number): void {
    switch (record.log_type) {
      case 'uptime':
        if (record.load_1m !== undefined || record.cpu_percent !== undefined)
          this.#host = latest(record, HOST_KEYS, atMs);
        break;
      case 'http_check':
        put(this.#endpoints, endpointOf(record, atMs), ({ name }) => name);
        break;
      case 'disk':
        put(this.#disks, diskOf(record, atMs), ({ mount }) => mount);
        break;
      case 'docker_event':
        if (record.event_type === 'pod' && record.event_action === 'destroy') this.#podGone(record, atMs);
        put(this.#containers, this.#containerAfter(record, atMs), ({ name }) => name);
        break;
      case 'auth':
        this.logins.add(record, atMs);
        break;
    }
  }

  /** A container wrote a line. */
  write(name: string, atMs: number): void {
    const before = this.#containers.get(name);
    const isGone = before !== undefined && before.state !== 'running' && before.state !== 'unknown';
    // What it wrote before it ended may come later than its end.
    if (isGone && atMs - (before.sinceMs ?? 0) < 5_000) return;
    if (before === undefined || isGone || before.state === 'unknown')
      put(this.#containers, writingContainer(name, atMs), () => name);
    else this.#containers.set(name, { ...before, atMs });
  }

  get host(): Latest | undefined {
    return this.#host;
  }

  get endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  get disks(): readonly Disk[] {
    return [...this.#disks.values()];
  }

  /** One that was removed is shown for an hour more. */
  containers(nowMs: number): readonly Container[] {
    for (const [name, { state, atMs }] of this.#containers)
      if (state === 'removed' && nowMs - atMs > HOUR_MS) this.#containers.delete(name);
    return [...this.#containers.values()];
  }

  /** Files tell when a pod is gone, and not how each of its containers ended. */
  #podGone({ pod_namespace: namespace, pod_name: pod }: Fields, atMs: number): void {
    const start = `${namespace}/${pod}/`;
    for (const [name, container] of this.#containers) {
      if (name.startsWith(start)) this.#containers.set(name, { ...container, state: 'removed', sinceMs: atMs, atMs });
    }
  }

  #containerAfter(record: Fields, atMs: number): Container | undefined {
    const isOfContainer = record.event_type === undefined || record.event_type === 'container';
    const name = containerNameOf(record);
    const { container_name_before: old } = record;
    if (typeof old === 'string') this.#containers.delete(old);
    return isOfContainer ? containerAfter(this.#containers.get(name ?? ''), record, atMs) : undefined;
  }
}

/** The last that was heard stands last: what is beyond the bound and was not heard of for longest goes. */
function put<T>(map: Map<string, T>, value: T | undefined, keyOf: (value: T) => string): void {
  if (value === undefined) return;
  const key = keyOf(value);
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_OF_A_KIND) map.delete(map.keys().next().value ?? '');
}

function latest(record: Fields, keys: readonly string[], atMs: number): Latest {
  const entries = keys.filter((key) => record[key] !== undefined).map((key) => [key, record[key]]);
  return { ...(Object.fromEntries(entries) as Fields), atMs };
}
