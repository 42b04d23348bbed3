import type { AlertMsg } from './alert-record.ts';

/** The msg that an `alert` node with this id and name sends. */
export function toMsg(nodeId: string, name: string, { record, isQuiet, isEvent, about }: AlertMsg): object {
  return {
    topic: `alert/${name}`,
    payload: { ...record },
    alert_node: nodeId,
    ...(isQuiet && { alert_quiet: true }),
    ...(isEvent && { alert_event: true }),
    ...(about !== undefined && { alert_about: about }),
  };
}
