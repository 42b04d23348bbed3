import type { TestContext } from 'node:test';
import { explain, type MonitoringError } from '../../lib/errors.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { type Alert, type AlertSeverity, alertOf } from '../../nodes/notify/alert.ts';
import { Keeper } from '../../nodes/notify/io/keeper.ts';
import { Outbox } from '../../nodes/notify/io/outbox.ts';
import type { Clock, Destination, OutboxView } from '../../nodes/notify/io/sending.ts';
import { parseOutboxState } from '../../nodes/notify/outbox-state.ts';
import { fastClock } from './fast-clock.ts';
import { temporaryFolder } from './folder.ts';
import { NOW_MS, SPEECH, translate } from './notify.ts';
import { until } from './until.ts';

export interface OutboxTrialOptions {
  readonly destination?: Destination | undefined;
  readonly userDir?: string;
  /** How many times as fast as real the clock runs. */
  readonly speed?: number;
  readonly clock?: Clock;
  readonly least?: AlertSeverity;
  readonly collectMs?: number;
  readonly random?: () => number;
  /** The disk takes nothing. */
  readonly isFull?: boolean;
}

export interface OutboxTrial {
  readonly outbox: Outbox;
  readonly userDir: string;
  readonly clock: Clock;
  readonly views: OutboxView[];
  readonly told: Alert[];
  /** In words. */
  readonly faults: string[];
  /** Hands msgs over; resolves when they are on disk. */
  take(...msgs: object[]): Promise<void>;
  /** Waits until nothing waits to be told. */
  empty(deadlineMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** An outbox with a clock that runs fast; closed when the test ends. */
export function openOutbox(t: TestContext, options: OutboxTrialOptions): OutboxTrial {
  const { destination, userDir = temporaryFolder(), speed = 100, least = 'notice', collectMs = 5_000 } = options;
  const clock = options.clock ?? fastClock(speed, NOW_MS);
  const views: OutboxView[] = [];
  const told: Alert[] = [];
  const faults: string[] = [];
  const words = (error: unknown): string => explain(error, translate);
  const real = new StateFile(userDir, 'notify-n', parseOutboxState);
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const file = options.isFull ? { read: () => undefined, write: () => Promise.reject(full) } : real;
  const fault = (error: unknown): void => void faults.push(words(error));
  const outbox = new Outbox({
    destination,
    least,
    collectMs,
    speech: SPEECH,
    keeper: new Keeper({ file, onLost: fault, onFault: (cause) => fault(cause) }),
    clock,
    random: options.random ?? (() => 0),
    explain: words,
    onView: (view) => views.push(view),
    onTold: (alert) => told.push(alert),
    onFault: (error: MonitoringError) => fault(error),
  });
  outbox.start();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= outbox.close();
    return closed;
  };
  t.after(close);
  return {
    outbox,
    userDir,
    clock,
    views,
    told,
    faults,
    async take(...msgs) {
      await Promise.all(msgs.map((msg) => outbox.accept(alertOf(msg, clock.nowMs()))));
    },
    empty: (deadlineMs) => until(() => outbox.waiting === 0, deadlineMs),
    close,
  };
}
