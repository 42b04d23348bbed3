/** What Node-RED's nodes have, and its type definitions leave out. */
interface Measured {
  /** Logs a metric; without arguments it tells whether anybody wants them. */
  metric?: (event?: string, msg?: object, value?: unknown) => unknown;
}

/**
 * Leaves out the metrics of a node where no logger wants them. Node-RED makes a log record of every msg that a node sends,
 * receives and is done with, and hands it to all loggers; only these ask whether metrics are wanted, which by default
 * they are not. For a busy node that work is a good part of what a msg costs. `log` is `RED.log`.
 */
export function skipUnwantedMetrics(node: object, log: { metric(): boolean }): void {
  const measured = node as Measured;
  const { metric } = measured;
  if (metric === undefined) return;
  measured.metric = (...args) => (args.length === 0 || log.metric() ? metric.apply(measured, args) : undefined);
}
