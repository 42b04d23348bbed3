import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, hostRootOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, MOST_WAITING, refuseInput, reportFailure, showFailure } from '../../lib/input.ts';
import { untilAborted } from '../../lib/io/abort.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { Semaphore } from '../../lib/io/semaphore.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { StatusReporter } from '../../lib/status.ts';
import type { DockerEngine } from '../docker-engine/docker-engine.ts';
import { type Assessed, DiskAssessor } from './assessor.ts';
import { ContainerLookup } from './io/container-lookup.ts';
import { DiskReader } from './io/disk-reader.ts';
import { chooseMounts } from './mounts.ts';
import { registerRoutes } from './routes.ts';
import { readSettings } from './settings.ts';
import { statusOf } from './status.ts';

interface DiskStatsConfig extends NodeDef {
  interval: string;
  engine?: string;
  sizes?: boolean;
}

export default function register(RED: NodeAPI): void {
  // One thread for all disk-stats nodes: together with the names of http-check one of the pool's four is always left.
  const threads = new Semaphore(1);

  function DiskStatsNode(this: Node, config: DiskStatsConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, (key, args) => RED._(`disk-stats.${key}`, args), RED.events);
    const interval = intervalMs(config.interval);
    const settings = readSettings(config);
    if ('wrong' in settings || Number.isNaN(interval)) {
      const field = 'wrong' in settings ? settings.wrong : 'interval';
      reporter.report('fault', 'status.wrongSetting', { field, value: String(Reflect.get(config, field)) });
      refuseInput<NodeMessageInFlow>(this, RED._);
      return;
    }
    const environment = environmentOf(RED.util, this);
    const closing = new AbortController();
    const { signal } = closing;
    const { deadlineMs } = settings;
    const reader = new DiskReader({ hostRoot: hostRootOf(environment), deadlineMs, threads, signal });
    const assessor = new DiskAssessor(settings, monitoredHost(environment), RED._);

    const engine = RED.nodes.getNode(config.engine ?? '') as DockerEngine | null;
    const noEngine = (fault: string): void => this.warn(RED._('disk-stats.status.noEngine', { reason: fault }));
    if (engine?.fault !== undefined) noEngine(engine.fault);
    const containers = new ContainerLookup({
      client: engine?.client,
      sizes: config.sizes === true,
      onFault: (error) => noEngine(explain(error, RED._)),
    });

    const assess = async (): Promise<Assessed[]> => {
      const chosen = chooseMounts(await reader.mounts(), settings.include, settings.exclude);
      const [measured, found] = await Promise.all([reader.measure(chosen), containers.containersOn(chosen)]);
      return assessor.assess(measured, Date.now(), found);
    };
    const measure = async (msg: NodeMessageInFlow | undefined): Promise<void> => {
      const assessed = await untilAborted(assess(), signal);
      if (assessed === undefined) return;
      for (const { record, due, mount } of assessed) {
        if (!due && msg === undefined) continue;
        const base = msg === undefined ? {} : RED.util.cloneMessage(msg);
        this.send({ ...base, topic: `disk/${mount.mount}`, payload: record });
      }
      const { state, key, args } = statusOf(assessed);
      reporter.report(state, `status.${key}`, args);
    };
    const failed = (error: unknown): Error => showFailure(reporter, error, RED._);
    const pollFailed = (error: unknown): void => reportFailure(reporter, error, RED._);

    handleInput<NodeMessageInFlow>(this, measure, failed, MOST_WAITING);

    reporter.report('idle', 'status.waiting');
    const poll = new Poll(interval, () => measure(undefined).catch(pollFailed));
    const cancel = onFlowsStarted(RED.events, () => poll.start(), pollFailed);
    this.on('close', () => {
      closing.abort(new MonitoringError('CLOSED'));
      cancel();
      poll.stop();
    });
  }
  RED.nodes.registerType('disk-stats', DiskStatsNode);
  registerRoutes(RED, threads);
}
