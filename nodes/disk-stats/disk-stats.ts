import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { type EngineAccess, findEngine } from '../../lib/docker/engine.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { errorCode, explain, MonitoringError } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { closeWithState, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, MOST_WAITING, refuseInput, reportFailure, showFailure } from '../../lib/input.ts';
import { untilAborted } from '../../lib/io/abort.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { Semaphore } from '../../lib/io/semaphore.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { phaseOf } from '../../lib/phase.ts';
import { StatusReporter } from '../../lib/status.ts';
import { wrongValue } from '../../lib/wrong-value.ts';
import { ContainerLookup } from './io/container-lookup.ts';
import { DiskReader } from './io/disk-reader.ts';
import { DiskWatch } from './io/disk-watch.ts';
import { parseSavedDisks } from './known-disks.ts';
import { diskMessage } from './message.ts';
import { registerRoutes } from './routes.ts';
import { readSettings } from './settings.ts';
import { statusOf } from './status.ts';

interface DiskStatsConfig extends NodeDef {
  interval: string;
  engine?: string;
  sizes?: boolean;
}

/** The engine of a node that names one, or why it cannot be asked. */
function engineOf(RED: NodeAPI, id: string | undefined): Partial<EngineAccess> {
  if (!id) return {};
  return findEngine(RED.nodes, id) ?? { fault: RED._('disk-stats.notice.goneEngine') };
}

export default function register(RED: NodeAPI): void {
  // One thread for all disk-stats nodes: together with the names of http-check one of the pool's four is always left.
  const threads = new Semaphore(1);

  function DiskStatsNode(this: Node, config: DiskStatsConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, (key, args) => RED._(`disk-stats.${key}`, args), RED.events);
    tellNowhere(RED, this, reporter);
    const file = new StateFile(userDirOf(RED.settings), `disk-stats-${this.id}`, parseSavedDisks);
    let stop = async (): Promise<void> => undefined;
    closeWithState(this, RED.nodes.eachNode, file, () => stop());
    const interval = intervalMs(config.interval);
    const settings = readSettings(config);
    if ('wrong' in settings || Number.isNaN(interval)) {
      const field = 'wrong' in settings ? settings.wrong : 'interval';
      reporter.report('fault', 'status.wrongSetting', wrongValue(RED._, 'disk-stats', field, config));
      refuseInput<NodeMessageInFlow>(this, RED._);
      return;
    }
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const closing = new AbortController();
    const { signal } = closing;
    const { deadlineMs } = settings;
    const { client, fault: engineFault, explain: explainEngine } = engineOf(RED, config.engine);
    const noEngine = (reason: string): string => RED._('disk-stats.notice.noEngine', { reason });
    const watch = new DiskWatch({
      settings,
      host,
      translate: RED._,
      reader: new DiskReader({ hostRoot: hostRootOf(environment), deadlineMs, threads, signal }),
      containers: new ContainerLookup({
        client,
        sizes: config.sizes === true,
        onFault: (error) => {
          const text = noEngine(explainEngine?.(error) ?? explain(error, RED._));
          // A host that has no Docker misses nothing.
          if (errorCode(error) === 'ENOENT') this.log(text);
          else this.warn(text);
        },
      }),
      file,
      onFault: (error) => this.warn(explain(error, RED._)),
      onLeftOut: ([first, ...others]) =>
        this.log(RED._('disk-stats.notice.leftOut', { count: others.length + 1, mount: first?.mount ?? '' })),
    });

    const measure = async (msg: NodeMessageInFlow | undefined): Promise<void> => {
      const assessed = await untilAborted(watch.measure(), signal);
      if (assessed === undefined) return;
      for (const one of assessed) {
        if (!one.due && msg === undefined) continue;
        this.send(diskMessage(msg === undefined ? {} : RED.util.cloneMessage(msg), one));
      }
      watch.keep();
      const { state, key, args } = statusOf(assessed, engineFault !== undefined, watch.leftOut);
      reporter.report(state, `status.${key}`, args);
    };
    const failed = (error: unknown): Error => showFailure(reporter, error, RED._);
    const pollFailed = (error: unknown): void => reportFailure(reporter, error, RED._);

    handleInput<NodeMessageInFlow>(this, measure, failed, MOST_WAITING);

    if (engineFault === undefined) reporter.report('idle', 'status.waiting');
    else reporter.report('warning', 'status.badEngine', { reason: engineFault });
    const poll = new Poll(interval, () => measure(undefined).catch(pollFailed), phaseOf(host, interval));
    const start = (): void => {
      if (engineFault !== undefined) this.error(noEngine(engineFault), {});
      poll.start();
    };
    const cancel = onFlowsStarted(RED.events, start, pollFailed);
    stop = () => {
      closing.abort(new MonitoringError('CLOSED'));
      cancel();
      poll.stop();
      return watch.close();
    };
  }
  registerFaultRoute(RED, 'disk-stats');
  RED.nodes.registerType('disk-stats', DiskStatsNode);
  registerRoutes(RED, threads);
}
