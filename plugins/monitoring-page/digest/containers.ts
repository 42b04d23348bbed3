import { containerNameOf } from '../../../lib/pods/record-name.ts';

type Fields = { readonly [key: string]: unknown };

/** What the events say of a container, by its name: one that is made anew goes on under it. */
export interface Container {
  readonly name: string;
  readonly state: 'running' | 'exited' | 'removed' | 'unknown';
  readonly health: string;
  readonly exitCode: number | null;
  readonly isOutOfMemory: boolean;
  /** When it came to this state, in ms since 1970; null where nobody said so. */
  readonly sinceMs: number | null;
  readonly atMs: number;
}

const NOTHING = { state: 'unknown', health: '', exitCode: null, isOutOfMemory: false, sinceMs: null } as const;

/** What a container is after an event. Undefined where the record says nothing of one. */
export function containerAfter(before: Container | undefined, record: Fields, atMs: number): Container | undefined {
  const name = containerNameOf(record);
  const { event_action: action, exit_code: code, health_status: health } = record;
  if (name === undefined) return undefined;
  const known = { ...(before ?? NOTHING), name: name.slice(0, 200), atMs };
  switch (String(action).split(':')[0]) {
    case 'start':
    case 'restart':
    case 'unpause':
      return { ...known, state: 'running', health: '', exitCode: null, isOutOfMemory: false, sinceMs: atMs };
    case 'oom':
      return { ...known, isOutOfMemory: true };
    case 'die':
      return { ...known, state: 'exited', health: '', exitCode: typeof code === 'number' ? code : null, sinceMs: atMs };
    case 'destroy':
      return { ...known, state: 'removed', sinceMs: atMs };
    case 'health_status':
      return { ...known, state: 'running', health: String(health ?? ''), sinceMs: atMs };
    default:
      return known;
  }
}

/** One that only writes: it runs. */
export function writingContainer(name: string, atMs: number): Container {
  return { ...NOTHING, name: name.slice(0, 200), state: 'running', atMs };
}
