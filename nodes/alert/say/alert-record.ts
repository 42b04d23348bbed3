import { momentText } from '../../../lib/moment.ts';
import { type FieldValue, type InfraRecord, type Level, record, Severity } from '../../../lib/record.ts';
import { RECORD_KEYS } from '../../../lib/record-keys.ts';
import { fieldOf } from '../../../lib/rules/compile.ts';
import type { Translate } from '../../../lib/status.ts';
import { causeOf } from '../cause.ts';
import { type AlertSeverity, membersOf } from '../judge/judge.ts';
import type { AlertSettings } from '../settings.ts';
import type { Announcement } from './announcement.ts';
import { Sentences, type Snapshot } from './sentence.ts';

/** What leaves the node. It is plain data: so it is kept over a restart. */
export interface AlertMsg {
  readonly record: InfraRecord;
  /** No sound is wanted. */
  readonly isQuiet: boolean;
  /** It has no end. */
  readonly isEvent: boolean;
  /** The id of the node that it is about, where it is about one. */
  readonly about?: string | undefined;
}

/** A value that is older is no longer that of now. In ms. */
const STALE_MS = 600_000;

/** What breaks out of a format where it is not escaped. */
const TEST_KEY = 'Größe "<ä & b>" *x* 🔔';

const LEVELS: { readonly [severity in AlertSeverity]: Level } = {
  critical: Severity.critical,
  error: Severity.error,
  warning: Severity.warning,
  notice: Severity.notice,
};

export interface SpeakerOptions {
  readonly settings: AlertSettings;
  /** The host of an alert whose record names none. */
  readonly host: string;
  /** Words of the node's catalogue. */
  readonly translate: Translate;
  /** An IANA name. */
  readonly zone: string;
}

/** Makes the contract's `alert` record of what is to be said. */
export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #sentences: Sentences;
  readonly #moment: (timeMs: number, nowMs: number) => string;

  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#sentences = new Sentences(options.settings, options.translate);
    this.#moment = momentText(options.zone);
  }

  /** `nowMs`: ms since the epoch. All of the record, and its text, come from one snapshot. */
  speak(announcement: Announcement, nowMs: number): AlertMsg {
    const { kind, firing, isQuiet } = announcement;
    const isOver = kind === 'resolved' || kind === 'summary-over';
    const cause = this.#causeOf(announcement);
    const figures = this.#figures(announcement, isOver, nowMs);
    const { readMs, sinceMs, record: caused } = firing;
    const since = this.#moment(sinceMs, nowMs);
    const words = textOf(caused.message);
    const snapshot: Snapshot = { ...cause, message: words, caused_by: words, ...figures };
    const isRead = readMs !== undefined && kind === 'firing';
    const message = this.#sentences.line(announcement, snapshot, {
      since,
      read: isRead ? this.#moment(readMs, nowMs) : undefined,
      seen: this.#isStale(announcement, nowMs) ? this.#moment(firing.seenMs ?? nowMs, nowMs) : undefined,
    });
    // What is counted over all records must not be counted a second time here.
    const { message: _words, caused_by: _, login_failures: _failures, repeat_count: _repeats, ...fields } = snapshot;
    const envelope = {
      message,
      log_type: 'alert' as const,
      time: new Date(nowMs).toISOString(),
      host: typeof caused.host === 'string' && caused.host !== '' ? caused.host : this.#options.host,
      level: isOver ? Severity.notice : LEVELS[firing.severity],
      event_id: eventIdOf(announcement),
    };
    const about = typeof caused.node_id === 'string' ? { about: caused.node_id } : {};
    return { record: record(envelope, fields), isQuiet: isQuiet === true, isEvent: kind === 'event', ...about };
  }

  /** A firing and its end, marked as a test, with what messages have trouble with: quotes, brackets, marks, umlauts, emoji. */
  speakTest(id: string, nowMs: number): readonly [AlertMsg, AlertMsg] {
    const { settings, translate } = this.#options;
    const firing = { id, sinceMs: nowMs, severity: settings.severity, value: undefined, count: 1, record: {} };
    const announcement = { key: { id: '', text: TEST_KEY }, firing, atMs: nowMs, text: translate('say.testText') };
    return [
      this.#marked({ ...announcement, kind: 'firing' }, nowMs),
      this.#marked({ ...announcement, kind: 'resolved' }, nowMs),
    ];
  }

  #marked(announcement: Announcement, nowMs: number): AlertMsg {
    const { record: spoken } = this.speak(announcement, nowMs);
    // The first word says it, in every language.
    return { record: { ...spoken, message: `TEST ${spoken.message}`, alert_test: 1 }, isQuiet: false, isEvent: false };
  }

  /** The keys of the record that caused it, with what is so now of the field that decides. */
  #causeOf({ kind, firing, value, end }: Announcement): { readonly [key: string]: FieldValue } {
    const { rings } = this.#options.settings;
    const cause: { [key: string]: FieldValue } = {};
    for (const [key, found] of Object.entries(causeOf(firing.record))) if (!isOwnKey(key)) cause[key] = found;
    if (rings.kind !== 'state' && rings.kind !== 'limit') return cause;
    if (kind !== 'resolved') return value === undefined ? cause : { ...cause, [rings.field]: value };
    const ended = end === undefined ? undefined : causeOf({ ended: fieldOf(end, rings.field) }).ended;
    const { [rings.field]: _, ...rest } = cause;
    return ended === undefined ? rest : { ...rest, [rings.field]: ended };
  }

  /** A reminder of a value that nothing has confirmed for a while says from when it is. */
  #isStale({ kind, firing: { seenMs } }: Announcement, nowMs: number): boolean {
    const { rings } = this.#options.settings;
    const isLevel = rings.kind === 'state' || rings.kind === 'limit';
    return kind === 'reminder' && isLevel && seenMs !== undefined && nowMs - seenMs > STALE_MS;
  }

  #figures({ kind, key, firing, atMs, nth, value }: Announcement, isOver: boolean, nowMs: number): Snapshot {
    const { name } = this.#options.settings;
    const untilMs = isOver ? atMs : nowMs;
    return {
      ...(name !== '' && { alert_name: name }),
      alert_state: isOver ? 'resolved' : 'firing',
      alert_id: firing.id,
      ...(key.text !== '' && { alert_key: key.text }),
      alert_severity: firing.severity,
      alert_since: new Date(firing.sinceMs).toISOString(),
      alert_duration_seconds: Math.round(Math.max(0, untilMs - firing.sinceMs)) / 1000,
      alert_count: firing.count,
      ...(value !== undefined && { alert_value: value }),
      ...this.#limitOf(firing.severity),
      ...(kind === 'reminder' && nth !== undefined && { alert_reminder: nth }),
    };
  }

  #limitOf(severity: AlertSeverity): { readonly alert_limit?: number } {
    const { rings } = this.#options.settings;
    if (rings.kind === 'count') return { alert_limit: rings.threshold };
    if (rings.kind !== 'limit') return {};
    return { alert_limit: severity === 'critical' ? (rings.critical ?? rings.limit) : rings.limit };
  }
}

/** Keys that an alert has of its own: those of another alert, which caused it, would be taken for them. */
function isOwnKey(key: string): boolean {
  return Object.hasOwn(RECORD_KEYS.envelope, key) || key.startsWith('alert_');
}

/** The same each time that a transition goes out. */
function eventIdOf({ kind, firing, nth }: Announcement): string {
  if (kind === 'resolved' || kind === 'summary-over') return `${firing.id}-resolved`;
  return nth === undefined ? `${firing.id}-firing` : `${firing.id}-${kind}-${nth}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What a state file has of a msg; undefined for anything else. */
export function parseAlertMsg(value: unknown): AlertMsg | undefined {
  const { record: saved, isQuiet, isEvent, about } = membersOf(value);
  const { message, log_type: logType, time, host, level, event_id: eventId, ...fields } = causeOf(membersOf(saved));
  if (logType !== 'alert' || typeof message !== 'string' || typeof eventId !== 'string') return undefined;
  if (typeof time !== 'string' || typeof host !== 'string' || !isLevel(level)) return undefined;
  const envelope = { message, log_type: logType, time, host, level, event_id: eventId } as const;
  return {
    record: record(envelope, fields),
    isQuiet: isQuiet === true,
    isEvent: isEvent === true,
    ...(typeof about === 'string' && { about }),
  };
}

function isLevel(value: unknown): value is Level {
  return Object.values<unknown>(Severity).includes(value);
}
