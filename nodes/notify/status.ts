import type { MomentText } from '../../lib/moment.ts';
import type { Arguments, State } from '../../lib/status.ts';
import type { OutboxView } from './io/sending.ts';
import { cut } from './text/clean.ts';

export interface Shown {
  readonly state: State;
  readonly key: string;
  readonly args?: Arguments;
}

/** A status has room for 24 characters. */
const MOST_CODE = 12;
const PARTS = /[\s·]/;

/** What stands under a node. `hasAddress`: there is somewhere to send to. */
export function shownOf(view: OutboxView, hasAddress: boolean, moment: MomentText, nowMs: number): Shown {
  const { waiting, untold, problem, isStopped, takenMs, isOnlyAccepted } = view;
  if (!hasAddress) {
    if (untold === 0) return { state: 'idle', key: 'noAddress' };
    return { state: 'idle', key: untold === 1 ? 'oneUntold' : 'untold', args: { count: untold } };
  }
  if (problem !== undefined && (waiting > 0 || isStopped)) {
    const args = { count: waiting, code: cut(problem.code.split(PARTS)[0] ?? '', MOST_CODE) };
    return { state: problem.isFault ? 'fault' : 'warning', key: isStopped ? 'stopped' : 'waiting', args };
  }
  if (waiting > 0) return { state: 'busy', key: 'collecting', args: { count: waiting } };
  if (takenMs === undefined) return { state: 'ok', key: 'ready' };
  // The zone does not change, and there is no room for it.
  const time = moment(takenMs, nowMs).replace(/ \S+$/, '');
  return { state: 'ok', key: isOnlyAccepted ? 'accepted' : 'told', args: { time } };
}
