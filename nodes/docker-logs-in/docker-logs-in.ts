import type { Node, NodeAPI, NodeDef } from 'node-red';
import { POSITION_DELAY_MS } from '../../lib/delayed-position.ts';
import type { DockerClient } from '../../lib/docker/client.ts';
import { findEngine } from '../../lib/docker/engine.ts';
import type { FilterSettings } from '../../lib/docker/filter.ts';
import { lossState, lossStatus, podLossStatus } from '../../lib/docker/loss.ts';
import { environmentOf, hostRootOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { closeWithState, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { ComposeFolders } from '../../lib/io/compose-folders.ts';
import { Downstream } from '../../lib/io/downstream.ts';
import { sendInBatches } from '../../lib/io/event-loop.ts';
import { FlowPace } from '../../lib/io/flow-pace.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { RecordSender } from '../../lib/io/record-sender.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import { containerNameOf } from '../../lib/pods/record-name.ts';
import { type Arguments, StatusReporter } from '../../lib/status.ts';
import { type LogFilter, logFilter } from './filter.ts';
import { lineOptions } from './io/line-options.ts';
import { LogFollower, type LogFollowerOptions } from './io/log-follower.ts';
import { PodLogFollower } from './io/pod-log-follower.ts';
import { type LogMessage, topicOf } from './line/log-record.ts';
import { parseLogState } from './log-state.ts';
import { NoticeHistory } from './notice-history.ts';
import { optOutTrace } from './opt-out.ts';
import { type LineSettings, wrongSetting } from './settings.ts';
import { followingStatus } from './status.ts';

interface DockerLogsConfig extends NodeDef, FilterSettings, LineSettings {
  engine: string;
}

export default function register(RED: NodeAPI): void {
  function DockerLogsNode(this: Node, config: DockerLogsConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const environment = environmentOf(RED.util, this);
    const reporter = new StatusReporter(this, (key, args) => RED._(`docker-logs-in.${key}`, args), RED.events);
    tellNowhere(RED, this, reporter);
    const engine = findEngine(RED.nodes, config.engine);
    const composeDir = setting(config.composeDir, environment, 'DOCKER_COMPOSE_DIR');
    const state = new StateFile(userDirOf(RED.settings), `docker-logs-${this.id}`, parseLogState);
    let stop = async (): Promise<void> => undefined;
    closeWithState(this, RED.nodes.eachNode, state, () => stop());
    const wrong = wrongSetting({ ...config, composeDir });
    if (wrong !== undefined) {
      reporter.report('fault', `status.${wrong.fault}`, { value: wrong.value });
      return;
    }
    if (engine === undefined || (engine.client === undefined && engine.pods === undefined)) {
      const reason = engine?.fault ?? RED._('docker-logs-in.notice.noEngine');
      reporter.report('fault', 'status.badEngine', { reason });
      return;
    }
    const { client, pods, explain: explainLoss } = engine;
    const place = (client ?? pods)?.place ?? '';
    let pausedFor: string | undefined;
    let downstream: Downstream | undefined;
    const notices = new NoticeHistory();
    const warn = (notice: string, args: Arguments): void => this.warn(RED._(`docker-logs-in.notice.${notice}`, args));
    const lines = lineOptions(config);
    let hadEngine = state.exists;
    let isSlowed = false;
    const slowed = (is: boolean): void => {
      isSlowed = is;
    };
    const sender = new RecordSender(this, 0, RED.nodes.getNode);
    const pace = new FlowPace({ node: this, eachNode: RED.nodes.eachNode, slowed, sender });
    let filter: LogFilter | undefined;
    const optedOut = optOutTrace({
      notices,
      host: monitoredHost(environment),
      nowMs: Date.now,
      warn: (name, label) => warn('optedOut', { name, label }),
      send: (message) => this.send(message),
    });
    const sendAll = (messages: readonly LogMessage[]): void => {
      const records = messages.map(({ payload }) => payload);
      sender.sendAll(records, (payload) => ({ topic: topicOf(containerNameOf(payload)), payload }));
    };
    const start = (): LogFollower | PodLogFollower => {
      const options: Omit<LogFollowerOptions, 'client'> = {
        ...lines,
        state,
        delayMs: () => downstream?.delayMs ?? POSITION_DELAY_MS,
        host: monitoredHost(environment),
        filter: (own) => {
          const lookup = new ComposeFolders(hostRootOf(environment));
          filter = logFilter({ ...config, composeDir }, own, { lookup, isLeftOut: lines.isLeftOut, optedOut });
          return filter;
        },
        handOn: (messages) => sendInBatches(messages, () => pace.perTurn(), sendAll),
        notice: (kind, container, cause) => {
          const text = explain(cause, RED._);
          if (!notices.isNew(kind, container.id, text)) return;
          warn(kind, { name: container.name, reason: text });
        },
        following: (count) => {
          hadEngine = true;
          const blank = lines.blanks.due(performance.now());
          if (blank !== undefined) this.log(RED._('docker-logs-in.notice.blank', { count: blank }));
          const emptyFolder = filter?.containers.emptyFolder();
          reporter.report(
            ...followingStatus({ count, place, isSlowed, pausedFor, emptyFolder, isPods: pods !== undefined }),
          );
        },
        lost: (error) => {
          const reason = explainLoss(error);
          const status = (pods === undefined ? lossStatus : podLossStatus)(error, { place, reason, translate: RED._ });
          reporter.report(lossState(error, hadEngine), ...status, 'lost');
        },
        unsaved: (error) => warn('unsaved', { reason: explain(error, RED._) }),
        spoilt: (error) => warn('spoilt', { reason: explain(error, RED._) }),
      };
      if (pods !== undefined) return new PodLogFollower({ ...options, pods });
      return new LogFollower({ ...options, client: client as DockerClient });
    };
    reporter.report('busy', 'status.connecting', { place });
    let follower: LogFollower | PodLogFollower | undefined;
    const paused = (servers: string | undefined): void => {
      pausedFor = servers;
      follower?.pause(servers !== undefined);
    };
    const startAll = (): void => {
      follower = start();
      downstream = new Downstream({ bus: RED.events, node: this, eachNode: RED.nodes.eachNode, paused });
    };
    const cancel = onFlowsStarted(RED.events, startAll, (error) =>
      reporter.report('fault', ...lossStatus(error, { place, reason: explain(error, RED._), translate: RED._ })),
    );
    stop = async () => {
      cancel();
      pace.close();
      downstream?.close();
      await follower?.stop();
    };
  }
  registerFaultRoute(RED, 'docker-logs-in');
  RED.nodes.registerType('docker-logs-in', DockerLogsNode);
}
