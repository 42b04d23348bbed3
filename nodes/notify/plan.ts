import { type Alert, type AlertSeverity, isTest, reminderOf, severityOf } from './alert.ts';

/** What is to be said of an alert. */
export type Said =
  | 'firing'
  /** It is better or worse than when it was told. */
  | 'severity'
  | 'reminder'
  | 'resolved'
  /** It fired and is over, both within one collection. */
  | 'brief'
  /** It is over, and its beginning reached nobody. */
  | 'untold'
  | 'removed';

export interface Line {
  readonly said: Said;
  /** The newest word on it. */
  readonly alert: Alert;
  /** Its firing, where that is in the same collection. */
  readonly firing?: Alert;
  /** All that is told by it. */
  readonly alerts: readonly Alert[];
}

/** What is known of an alert that fired: it was told, or it was given up and reached nobody. */
export interface ToldOf {
  readonly state: 'told' | 'untold';
  readonly severity: AlertSeverity;
}

export interface Plan {
  readonly lines: readonly Line[];
  /** What need not be said: nobody knows anything else. */
  readonly silent: readonly Alert[];
}

type Word = Omit<Line, 'alerts'> | undefined;

/**
 * What is to be said of a collection, in the order in which it came. A firing and its end are one line; an end alone is
 * said only where its firing was told, or could not be.
 */
export function plan(alerts: readonly Alert[], told: (id: string) => ToldOf | undefined): Plan {
  const lines: (Line | undefined)[] = [];
  const silent: Alert[] = [];
  /** Where the line of each alert that fires stands. */
  const open = new Map<string, number>();
  const ended = new Set<string>();
  for (const alert of alerts) {
    if (isTest(alert)) {
      lines.push({ said: alert.state, alert, alerts: [alert] });
      continue;
    }
    const known = ended.has(alert.id) ? undefined : told(alert.id);
    const at = open.get(alert.id) ?? lines.length;
    const before = lines[at];
    const isEnd = alert.state === 'resolved';
    const word = isEnd ? endWord(alert, known, before) : firingWord(alert, known, before);
    const all = [...(before?.alerts ?? []), alert];
    lines[at] = word === undefined ? undefined : { ...word, alerts: all };
    if (word === undefined) silent.push(...all);
    if (isEnd || word === undefined) open.delete(alert.id);
    else open.set(alert.id, at);
    if (isEnd) ended.add(alert.id);
  }
  return { lines: lines.filter((line) => line !== undefined), silent };
}

function firingWord(alert: Alert, known: ToldOf | undefined, before: Line | undefined): Word {
  if (before?.said === 'firing') return { said: 'firing', alert, firing: before.firing ?? before.alert };
  if (known?.state !== 'told') return { said: 'firing', alert };
  if (severityOf(alert) !== known.severity) return { said: 'severity', alert };
  // It went up and down again within the collection: what was told is so.
  return reminderOf(alert) > 0 || before?.said === 'reminder' ? { said: 'reminder', alert } : undefined;
}

function endWord(alert: Alert, known: ToldOf | undefined, before: Line | undefined): Word {
  if (known?.state === 'told') return { said: alert.isRemoved ? 'removed' : 'resolved', alert };
  if (before?.said === 'firing' && known === undefined)
    return { said: 'brief', alert, firing: before.firing ?? before.alert };
  return known === undefined ? undefined : { said: 'untold', alert };
}
