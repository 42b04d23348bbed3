import { MonitoringError } from '../../lib/errors.ts';
import type { MomentText } from '../../lib/moment.ts';
import type { StatusReporter } from '../../lib/status.ts';
import type { OutboxView } from './io/sending.ts';
import { shownOf } from './status.ts';

export interface ReportingOptions {
  readonly reporter: StatusReporter;
  /** Masked; undefined where there is none. */
  readonly address: string | undefined;
  readonly moment: MomentText;
  /** Gives an error to Catch nodes. It names the node, which never tells of itself. */
  readonly raise: (error: MonitoringError) => void;
}

/** Shows how a node is, and says each outage once, whatever the service says from try to try. */
export class OutboxReporting {
  readonly #options: ReportingOptions;
  #isOutage: boolean | undefined;

  constructor(options: ReportingOptions) {
    this.#options = options;
  }

  show(view: OutboxView, nowMs: number): void {
    const { reporter, address, moment, raise } = this.#options;
    const { state, key, args: shortArgs } = shownOf(view, address !== undefined, moment, nowMs);
    const args = { ...shortArgs, reason: view.problem?.reason ?? '', address: address ?? '' };
    const isOutage = state === 'fault';
    // What had stopped before the restart was said then.
    this.#isOutage ??= isOutage && view.isStopped;
    if (isOutage) reporter.showFault(`status.${key}`, args);
    else reporter.report(state, `status.${key}`, args);
    if (isOutage && !this.#isOutage) {
      const reason = view.problem?.reason ?? '';
      raise(new MonitoringError('NOT_TOLD', { count: view.waiting, reason, address: address ?? '' }));
    }
    this.#isOutage = isOutage;
  }
}
