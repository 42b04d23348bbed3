import type { Arguments, State } from '../../lib/status.ts';
import type { Assessed } from './assessor.ts';

/**
 * What stands under the node: the mount in the worst state, among equals the fullest. Where the names of the containers are
 * missing, as `isLacking` tells, all is not well. `unreadable`: how many filesystems its user may not read and are left out.
 */
export function statusOf(
  assessed: readonly Assessed[],
  isLacking = false,
  unreadable = 0,
): { state: State; key: string; args: Arguments } {
  const rank = ['ok', 'warning', 'stale', 'unreadable', 'missing', 'critical'];
  const [worst] = [...assessed].sort(
    (a, b) => rank.indexOf(b.state) - rank.indexOf(a.state) || (b.usedPercent ?? 0) - (a.usedPercent ?? 0),
  );
  if (worst === undefined) return { state: 'warning', key: 'none', args: {} };
  const { mount } = worst.mount;
  switch (worst.state) {
    case 'stale':
    case 'unreadable':
    case 'missing':
      return { state: 'bad', key: worst.state, args: { mount } };
    default: {
      const states = { ok: isLacking ? 'warning' : 'ok', warning: 'warning', critical: 'bad' } as const;
      const args = { mount, percent: Math.ceil(worst.usedPercent ?? 0) };
      if (unreadable === 0) return { state: states[worst.state], key: 'used', args };
      return { state: states[worst.state], key: 'usedSome', args: { ...args, count: unreadable } };
    }
  }
}
