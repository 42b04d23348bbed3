import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, hostRootOf } from '../../lib/environment.ts';
import { reason } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { Semaphore } from '../../lib/io/semaphore.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { StatusReporter } from '../../lib/status.ts';
import type { DockerEngine } from '../docker-engine/docker-engine.ts';
import { type Assessed, createAssessor } from './disk-record.ts';
import { createContainerLookup } from './io/containers.ts';
import { createDiskReader } from './io/stats.ts';
import { chooseMounts } from './mounts.ts';
import { readSettings } from './settings.ts';
import { statusOf } from './status.ts';

interface DiskStatsConfig extends NodeDef {
  interval: string;
  engine?: string;
  sizes?: boolean;
}

export default function register(RED: NodeAPI): void {
  // One thread for all disk-stats nodes: together with the names of http-check one of the pool's four is always left.
  const lanes = new Semaphore(1);

  function DiskStatsNode(this: Node, config: DiskStatsConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, (key, args) => RED._(`disk-stats.${key}`, args));
    const interval = intervalMs(config.interval);
    const settings = readSettings(config);
    if ('wrong' in settings || Number.isNaN(interval)) {
      const field = 'wrong' in settings ? settings.wrong : 'interval';
      reporter.report('fault', 'status.wrongSetting', { field, value: String(Reflect.get(config, field)) });
      this.on('input', (_msg, _send, done) => done(new Error(RED._('disk-stats.status.notConfigured'))));
      return;
    }
    const environment = environmentOf(RED.util, this);
    const reader = createDiskReader(hostRootOf(environment), settings.deadlineMs, lanes);
    const assess = createAssessor(settings, monitoredHost(environment));

    const engine = RED.nodes.getNode(config.engine ?? '') as DockerEngine | null;
    const noEngine = (fault: string): void => this.warn(RED._('disk-stats.status.noEngine', { reason: fault }));
    if (engine?.fault !== undefined) noEngine(engine.fault);
    const containers = createContainerLookup(engine?.client, config.sizes === true, noEngine);

    const measure = async (msg: NodeMessageInFlow | undefined): Promise<void> => {
      const chosen = chooseMounts(await reader.mounts(), settings.include, settings.exclude);
      const [measured, found] = await Promise.all([reader.measure(chosen), containers.on(chosen)]);
      const assessed = assess(measured, Date.now(), found);
      for (const { record, due, mount } of assessed) {
        if (!due && msg === undefined) continue;
        const base = msg === undefined ? {} : RED.util.cloneMessage(msg);
        this.send({ ...base, topic: `disk/${mount.mount}`, payload: record });
      }
      show(assessed);
    };
    const show = (assessed: readonly Assessed[]): void => {
      const { state, key, args } = statusOf(assessed);
      reporter.report(state, `status.${key}`, args);
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

    reporter.report('idle', 'status.waiting');
    const poll = new Poll(interval, () => measure(undefined).catch(failed));
    const cancel = onFlowsStarted(RED.events, () => poll.start());
    this.on('close', () => {
      cancel();
      poll.stop();
    });
  }
  RED.nodes.registerType('disk-stats', DiskStatsNode);

  // What the dialog offers to pick from: this host's mounts, pseudo filesystems too, marked as such.
  RED.httpAdmin.get(
    '/infra-monitoring/disk-stats/mounts',
    RED.auth.needsPermission('disk-stats.read'),
    (_request, response) => {
      const reader = createDiskReader(
        hostRootOf((name) => process.env[name]),
        5_000,
        lanes,
      );
      reader.mounts().then(
        (mounts) => {
          const usual = new Set(chooseMounts(mounts).map(({ mount }) => mount));
          response.json(mounts.map((mount) => ({ ...mount, usual: usual.has(mount.mount) })));
        },
        (error) => response.status(500).json({ error: reason(error) }),
      );
    },
  );
}
