import type { Node, NodeAPI, NodeDef } from 'node-red';
import { POSITION_DELAY_MS } from '../../lib/delayed-position.ts';
import { findEngine } from '../../lib/docker/engine.ts';
import type { FilterSettings } from '../../lib/docker/filter.ts';
import { configured, environmentOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { closeWithState, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { Downstream } from '../../lib/io/downstream.ts';
import { sendInBatches } from '../../lib/io/event-loop.ts';
import { FlowPace } from '../../lib/io/flow-pace.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { TimedPattern } from '../../lib/io/pattern.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { numberOf } from '../../lib/number-field.ts';
import { StatusReporter } from '../../lib/status.ts';
import { logFilter } from './filter.ts';
import { LogFollower } from './io/log-follower.ts';
import { parseLogState } from './log-state.ts';
import { NoticeHistory } from './notice-history.ts';
import { type LineSettings, MULTILINE_MS, wrongSetting } from './settings.ts';

interface DockerLogsConfig extends NodeDef, FilterSettings, LineSettings {
  engine: string;
  /** `now` or `start`. */
  from?: string;
}

/** What becomes of a container's lines, as the dialog has it. */
function lineOptions(config: DockerLogsConfig) {
  const multiline = configured(config.multiline);
  return {
    fromStart: config.from === 'start',
    multilineStart: multiline === undefined ? undefined : new TimedPattern(multiline),
    multilineMs: numberOf(MULTILINE_MS, config.multilineMs) ?? 0,
    json: config.json === true,
  };
}

export default function register(RED: NodeAPI): void {
  function DockerLogsNode(this: Node, config: DockerLogsConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const environment = environmentOf(RED.util, this);
    const reporter = new StatusReporter(this, (key, args) => RED._(`docker-logs-in.${key}`, args));
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
    if (engine?.client === undefined) {
      const none = RED._('docker-logs-in.status.noEngine');
      reporter.report('fault', 'status.badEngine', { reason: engine?.fault ?? none });
      return;
    }
    const { client, explain: explainLoss } = engine;
    const { place } = client;
    let pausedFor: string | undefined;
    let downstream: Downstream | undefined;
    const notices = new NoticeHistory();
    const pace = new FlowPace({ node: this, eachNode: RED.nodes.eachNode });

    const start = (): LogFollower =>
      new LogFollower({
        ...lineOptions(config),
        client,
        state,
        delayMs: () => downstream?.delayMs ?? POSITION_DELAY_MS,
        host: monitoredHost(environment),
        filter: (own) => logFilter({ ...config, composeDir }, own),
        handOn: (messages) =>
          sendInBatches(
            messages,
            () => pace.perTurn(),
            (part) => {
              for (const message of part) this.send(message);
            },
          ),
        notice: (kind, container, cause) => {
          const text = explain(cause, RED._);
          if (!notices.isNew(kind, container.id, text)) return;
          this.warn(RED._(`docker-logs-in.notice.${kind}`, { name: container.name, reason: text }));
        },
        following: (count) => {
          if (pausedFor !== undefined) reporter.report('warning', 'status.paused', { servers: pausedFor });
          else reporter.report('ok', 'status.following', { count, place });
        },
        lost: (error) => reporter.report('fault', 'status.lost', { place, reason: explainLoss(error) }, 'lost'),
        unsaved: (error) => this.warn(RED._('docker-logs-in.notice.unsaved', { reason: explain(error, RED._) })),
        spoilt: (error) => this.warn(RED._('docker-logs-in.notice.spoilt', { reason: explain(error, RED._) })),
      });

    reporter.report('busy', 'status.connecting', { place });
    let follower: LogFollower | undefined;
    const startAll = (): void => {
      follower = start();
      downstream = new Downstream({
        bus: RED.events,
        node: this,
        eachNode: RED.nodes.eachNode,
        paused: (servers) => {
          pausedFor = servers;
          follower?.pause(servers !== undefined);
        },
      });
    };
    const cancel = onFlowsStarted(RED.events, startAll, (error) =>
      reporter.report('fault', 'status.lost', { place, reason: explain(error, RED._) }),
    );
    stop = async () => {
      cancel();
      pace.close();
      downstream?.close();
      await follower?.stop();
    };
  }
  RED.nodes.registerType('docker-logs-in', DockerLogsNode);
}
