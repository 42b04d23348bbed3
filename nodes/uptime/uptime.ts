import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { spanText } from '../../lib/duration.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, MOST_WAITING, reportFailure, showFailure } from '../../lib/input.ts';
import { untilAborted } from '../../lib/io/abort.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { phaseOf } from '../../lib/phase.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { StatusReporter } from '../../lib/status.ts';
import { BootWatch } from './io/boot-watch.ts';
import { HostSampler } from './io/host-sampler.ts';
import { type Boot, parseBoot, rebootRecord } from './reboot.ts';
import { loadText, uptimeRecord } from './uptime-record.ts';

interface UptimeConfig extends NodeDef {
  interval: string;
}

export default function register(RED: NodeAPI): void {
  function UptimeNode(this: Node, config: UptimeConfig): void {
    RED.nodes.createNode(this, config);
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const reporter = new StatusReporter(this, (key, args) => RED._(`uptime.${key}`, args), RED.events);
    tellNowhere(RED, this, reporter);
    const interval = intervalMs(config.interval);
    const sampler = new HostSampler(hostRootOf(environment));
    const file = new StateFile(userDirOf(RED.settings), `uptime-${this.id}`, parseBoot);
    const boots = new BootWatch(file, (error) => this.warn(explain(error, RED._)));
    const queue = new SerialQueue();
    const closing = new AbortController();

    const measure = async (msg: object): Promise<void> => {
      const stats = await untilAborted(sampler.sample(closing.signal), closing.signal);
      if (stats === undefined) return;
      const nowMs = Date.now();
      const boot: Boot = { id: stats.bootId, uptimeSeconds: stats.uptimeSeconds, seenMs: nowMs };
      boots.see(boot, (before, isCorrection) => {
        const payload = rebootRecord(before, boot, host, isCorrection);
        this.log(payload.message);
        this.send({ topic: 'uptime', payload });
      });
      this.send({ ...msg, topic: 'uptime', payload: uptimeRecord(stats, host, nowMs) });
      const [span, load] = [spanText(stats.uptimeSeconds), stats.load1m];
      if (load === undefined) reporter.report('ok', 'status.upOnly', { span });
      else reporter.report('ok', 'status.up', { span, load: loadText(load) });
    };
    const failed = (error: unknown): Error => showFailure(reporter, error, RED._);
    const pollFailed = (error: unknown): void => reportFailure(reporter, error, RED._);

    handleInput<NodeMessageInFlow>(this, (msg) => queue.run(() => measure(msg)), failed, MOST_WAITING);

    if (Number.isNaN(interval)) reporter.report('fault', 'status.badInterval', { interval: String(config.interval) });
    else reporter.report('idle', 'status.waiting');
    const poll = new Poll(interval, () => queue.run(() => measure({})).catch(pollFailed), phaseOf(host, interval));
    const cancel = onFlowsStarted(RED.events, () => poll.start(), pollFailed);
    this.on('close', (removed: boolean, done: () => void) => {
      closing.abort();
      cancel();
      poll.stop();
      boots.close(removed).then(done, done);
    });
  }
  registerFaultRoute(RED, 'uptime');
  RED.nodes.registerType('uptime', UptimeNode);
}
