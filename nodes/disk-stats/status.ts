import type { Arguments, State } from '../../lib/status.ts';
import type { Assessed } from './assessor.ts';

/** What stands under the node: the mount in the worst state, among equals the fullest. */
export function statusOf(assessed: readonly Assessed[]): { state: State; key: string; args: Arguments } {
  const rank = ['ok', 'warning', 'stale', 'unreadable', 'critical'];
  const [worst] = [...assessed].sort(
    (a, b) => rank.indexOf(b.state) - rank.indexOf(a.state) || (b.usedPercent ?? 0) - (a.usedPercent ?? 0),
  );
  if (worst === undefined) return { state: 'warning', key: 'none', args: {} };
  const { mount } = worst.mount;
  switch (worst.state) {
    case 'stale':
      return { state: 'bad', key: 'stale', args: { mount } };
    case 'unreadable':
      return { state: 'bad', key: 'unreadable', args: { mount } };
    default: {
      const states = { ok: 'ok', warning: 'warning', critical: 'bad' } as const;
      return { state: states[worst.state], key: 'used', args: { mount, percent: Math.ceil(worst.usedPercent ?? 0) } };
    }
  }
}
