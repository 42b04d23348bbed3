import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, hostRootOf } from '../../lib/environment.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, MOST_WAITING, reportFailure, showFailure } from '../../lib/input.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { StatusReporter } from '../../lib/status.ts';
import { readStats } from './io/stats.ts';
import { sampleNodeRecord } from './sample-node-record.ts';

interface SampleNodeConfig extends NodeDef {
  interval: string;
}

export default function register(RED: NodeAPI): void {
  function SampleNodeNode(this: Node, config: SampleNodeConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, (key, args) => RED._(`sample-node.${key}`, args), RED.events);
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const hostRoot = hostRootOf(environment);

    const measure = async (msg: NodeMessageInFlow | object): Promise<void> => {
      const stats = await readStats(hostRoot);
      this.send({ ...msg, topic: 'sample-node', payload: sampleNodeRecord(stats, host, Date.now()) });
      reporter.report('ok', 'status.measured', { count: stats.openFiles });
    };
    const failed = (error: unknown): Error => showFailure(reporter, error, RED._);
    const pollFailed = (error: unknown): void => reportFailure(reporter, error, RED._);
    handleInput(this, (msg: NodeMessageInFlow) => measure(msg), failed, MOST_WAITING);

    const interval = intervalMs(config.interval);
    if (Number.isNaN(interval)) {
      reporter.report('fault', 'status.badInterval', { interval: String(config.interval) });
      return;
    }
    reporter.report('idle', 'status.waiting');
    const poll = new Poll(interval, () => measure({}).catch(pollFailed));
    const cancel = onFlowsStarted(RED.events, () => poll.start(), pollFailed);
    this.on('close', () => {
      cancel();
      poll.stop();
    });
  }
  registerFaultRoute(RED, 'sample-node');
  RED.nodes.registerType('sample-node', SampleNodeNode);
}
