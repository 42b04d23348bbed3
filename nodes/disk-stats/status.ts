import { fitted } from '../../lib/fitted.ts';
import type { Arguments, State } from '../../lib/status.ts';
import type { Assessed } from './assessor.ts';

/** The room for a mount point beside the other words. */
const MOST = 13;

/**
 * What stands under the node: the mount in the worst state, among equals the fullest. Where the names of the containers are
 * missing, as `isLacking` tells, all is not well.
 */
export function statusOf(
  assessed: readonly Assessed[],
  isLacking = false,
): { state: State; key: string; args: Arguments } {
  const rank = ['ok', 'warning', 'stale', 'unreadable', 'missing', 'critical'];
  const [worst] = [...assessed].sort(
    (a, b) => rank.indexOf(b.state) - rank.indexOf(a.state) || (b.usedPercent ?? 0) - (a.usedPercent ?? 0),
  );
  if (worst === undefined) return { state: 'warning', key: 'none', args: {} };
  const mount = fitted(worst.mount.mount, MOST);
  switch (worst.state) {
    case 'stale':
    case 'unreadable':
    case 'missing':
      return { state: 'bad', key: worst.state, args: { mount } };
    default: {
      const states = { ok: isLacking ? 'warning' : 'ok', warning: 'warning', critical: 'bad' } as const;
      return { state: states[worst.state], key: 'used', args: { mount, percent: Math.ceil(worst.usedPercent ?? 0) } };
    }
  }
}
