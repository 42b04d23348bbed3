import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, setting } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput } from '../../lib/input.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { startPoll } from '../../lib/io/poll.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { createReporter } from '../../lib/status.ts';
import { readStats } from './io/stats.ts';
import { sampleNodeRecord } from './sample-node-record.ts';

interface SampleNodeConfig extends NodeDef {
  interval: string;
}

export default function register(RED: NodeAPI): void {
  function SampleNodeNode(this: Node, config: SampleNodeConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = createReporter(this, (key, args) => RED._(`sample-node.${key}`, args));
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const hostRoot = setting(undefined, environment, 'HOST_ROOT') ?? '/';

    const measure = async (msg: NodeMessageInFlow | object): Promise<void> => {
      const stats = await readStats(hostRoot);
      this.send({ ...msg, topic: 'sample-node', payload: sampleNodeRecord(stats, host, Date.now()) });
      reporter.report('ok', 'status.measured', { count: stats.openFiles });
    };
    const failed = (error: unknown): Error => {
      const reason = explain(error, (key, args) => RED._(key, args));
      reporter.report('fault', 'status.failed', { reason });
      return new Error(reason, { cause: error });
    };
    handleInput(this, (msg: NodeMessageInFlow) => measure(msg), failed);

    const interval = intervalMs(config.interval);
    if (Number.isNaN(interval)) {
      reporter.report('fault', 'status.badInterval', { interval: String(config.interval) });
      return;
    }
    reporter.report('idle', 'status.waiting');
    let stop = (): void => undefined;
    const cancel = onFlowsStarted(RED.events, () => {
      stop = startPoll(interval, () => measure({}).catch(failed).then()).stop;
    });
    this.on('close', () => {
      cancel();
      stop();
    });
  }
  RED.nodes.registerType('sample-node', SampleNodeNode);
}
