import type { ContainerIdentity } from '../../lib/docker/identity.ts';
import { OPT_OUT_LABEL } from './filter.ts';
import { type LogMessage, optOutMessage } from './line/log-record.ts';
import type { NoticeHistory } from './notice-history.ts';

export interface OptOutOptions {
  readonly notices: NoticeHistory;
  readonly host: string;
  nowMs(): number;
  warn(name: string, label: string): void;
  send(message: LogMessage): void;
}

/** Tells once of each container that keeps its log back, to who looks after this host and to who reads its records. */
export function optOutTrace({
  notices,
  host,
  nowMs,
  warn,
  send,
}: OptOutOptions): (container: ContainerIdentity) => void {
  return (container) => {
    if (!notices.isNew('optedOut', container.id, '')) return;
    warn(container.name, OPT_OUT_LABEL);
    send(optOutMessage(container, OPT_OUT_LABEL, host, nowMs()));
  };
}
