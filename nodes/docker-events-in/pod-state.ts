import { asObject, asTexts } from '../../lib/docker/json.ts';

/** The keys of the logs that were there, as they are kept over a restart. */
export interface PodEventState {
  readonly logs: readonly string[];
}

/** A node has at most some hundred pods; no state has more logs. */
const MOST_LOGS = 100_000;

/** The state in a state file; undefined where it is none that this version wrote. */
export function parsePodEventState(value: unknown): PodEventState | undefined {
  const logs = asTexts(asObject(value)?.logs);
  return logs === undefined || logs.length > MOST_LOGS ? undefined : { logs };
}
