import type { InfraRecord } from '../../lib/record.ts';
import type { Assessed } from './assessor.ts';
import type { KnownState } from './known-disks.ts';

export type DiskMessage = { topic: string; payload: InfraRecord; disk_state_before?: KnownState };

/**
 * The msg of one filesystem, on top of what a msg brought that asked for it. `disk_state_before` is there only where the
 * state is another than before, so that an alert needs no memory of its own.
 */
export function diskMessage(base: object, { record, before, mount }: Assessed): DiskMessage {
  const { disk_state_before: _another, ...rest } = base as { disk_state_before?: unknown };
  const changed = before === undefined ? {} : { disk_state_before: before };
  return { ...rest, ...changed, topic: `disk/${mount.mount}`, payload: record };
}
