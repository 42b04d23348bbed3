/** What Node-RED's nodes have, and its type definitions leave out. */
interface Measured {
  /** Logs a metric; without arguments it tells whether anybody wants them. */
  metric?: (event?: string, msg?: object, value?: unknown) => unknown;
}

/**
 * Node-RED makes a log record of every msg that a node sends, receives and is done with, hands it to all its loggers, and
 * only they ask whether anybody wants metrics: by default nobody does. This node asks first, since for a busy one
 * that work is a good part of all that a msg costs. `log` is `RED.log`.
 */
export function skipUnwantedMetrics(node: object, log: { metric(): boolean }): void {
  const measured = node as Measured;
  const { metric } = measured;
  if (metric === undefined) return;
  measured.metric = (...args) => (args.length === 0 || log.metric() ? metric.apply(measured, args) : undefined);
}
