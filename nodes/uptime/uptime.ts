import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { spanText } from '../../lib/duration.ts';
import { environmentOf, setting } from '../../lib/environment.ts';
import { reason } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { monitoredHost } from '../../lib/host.ts';
import { intervalSeconds } from '../../lib/interval.ts';
import { startPoll } from '../../lib/poll.ts';
import { createReporter } from '../../lib/status.ts';
import { createSampler } from './stats.ts';
import { loadText, uptimeRecord } from './uptime-record.ts';

interface UptimeConfig extends NodeDef {
  interval: string;
}

export default function register(RED: NodeAPI): void {
  function UptimeNode(this: Node, config: UptimeConfig): void {
    RED.nodes.createNode(this, config);
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const reporter = createReporter(this, (key, args) => RED._(`uptime.${key}`, args));
    const interval = intervalSeconds(config.interval);
    const sample = createSampler(setting(undefined, environment, 'HOST_ROOT') ?? '/');

    const measure = async (msg: NodeMessageInFlow | object): Promise<void> => {
      const stats = await sample();
      this.send({ ...msg, topic: 'uptime', payload: uptimeRecord(stats, host, Date.now()) });
      reporter.report('ok', 'status.up', { span: spanText(stats.uptimeSeconds), load: loadText(stats.load1m) });
    };
    const failed = (error: unknown): void => reporter.report('fault', 'status.failed', { reason: reason(error) });

    this.on('input', (msg, _send, done) => {
      measure(msg).then(
        () => done(),
        (error) => {
          failed(error);
          done(error);
        },
      );
    });

    if (interval === undefined) {
      reporter.report('fault', 'status.badInterval', { interval: String(config.interval) });
      return;
    }
    reporter.report('idle', 'status.waiting');
    let stop = (): void => undefined;
    const cancel = onFlowsStarted(RED.events, () => {
      stop = startPoll(interval * 1000, () => measure({}).catch(failed)).stop;
    });
    this.on('close', () => {
      cancel();
      stop();
    });
  }
  RED.nodes.registerType('uptime', UptimeNode);
}
