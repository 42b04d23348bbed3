import type { Node, NodeAPI, NodeDef } from 'node-red';
import { POSITION_DELAY_MS } from '../../lib/delayed-position.ts';
import { findEngine } from '../../lib/docker/engine.ts';
import { isFolder } from '../../lib/docker/filter.ts';
import { lossState, lossStatus, podLossStatus } from '../../lib/docker/loss.ts';
import { environmentOf, hostRootOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { closeWithState, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { ComposeFolders } from '../../lib/io/compose-folders.ts';
import { Downstream } from '../../lib/io/downstream.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import type { PodSource } from '../../lib/pods/api.ts';
import { StatusReporter } from '../../lib/status.ts';
import { type EventMessage, eventMessage } from './event.ts';
import { EventCount } from './event-count.ts';
import { parseEventState } from './event-state.ts';
import { areTypes, countedEvents, type EventSettings, engineFilters, eventFilter } from './filter.ts';
import { EventFollower } from './io/event-follower.ts';
import { EventTeller } from './io/event-teller.ts';
import { PodEventFollower } from './io/pod-event-follower.ts';
import { isPodEventWanted, podEventMessage } from './pod-event.ts';
import { parsePodEventState } from './pod-state.ts';

interface DockerEventsConfig extends NodeDef, EventSettings {
  engine: string;
}

export default function register(RED: NodeAPI): void {
  function DockerEventsNode(this: Node, config: DockerEventsConfig): void {
    RED.nodes.createNode(this, config);
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const reporter = new StatusReporter(this, (key, args) => RED._(`docker-events-in.${key}`, args), RED.events);
    tellNowhere(RED, this, reporter);
    const engine = findEngine(RED.nodes, config.engine);
    const composeDir = setting(config.composeDir, environment, 'DOCKER_COMPOSE_DIR');
    const pods = engine?.pods;
    const userDir = userDirOf(RED.settings);
    const state = new StateFile(userDir, `docker-events-${this.id}`, parseEventState);
    const podState = new StateFile(userDir, `docker-pods-${this.id}`, parsePodEventState);
    let stop = async (): Promise<void> => undefined;
    closeWithState(this, RED.nodes.eachNode, pods === undefined ? state : podState, () => stop());

    if (!isFolder(composeDir)) {
      reporter.report('fault', 'status.badFolder', { folder: String(composeDir) });
      return;
    }
    if (!areTypes(config.types)) {
      reporter.report('fault', 'status.badTypes', { types: String(config.types) });
      return;
    }
    const client = engine?.client;
    if (client === undefined && pods === undefined) {
      reporter.report('fault', 'status.badEngine', {
        reason: engine?.fault ?? RED._('docker-events-in.notice.noEngine'),
      });
      return;
    }
    const filter = eventFilter({ ...config, composeDir }, new ComposeFolders(hostRootOf(environment)));
    const count = new EventCount(hostZone(hostRootOf(environment)));
    const place = (client ?? pods)?.place ?? '';
    const warn = (notice: string, error: unknown): void =>
      this.warn(RED._(`docker-events-in.notice.${notice}`, { reason: explain(error, RED._) }));
    const kept = {
      unsaved: (error: unknown) => warn('unsaved', error),
      spoilt: (error: unknown) => warn('spoilt', error),
    };
    let isConnected = false;
    const showConnected = (): void => {
      const folder = filter.containers.emptyFolder();
      if (folder === undefined) reporter.report('ok', ...count.status(place, pods !== undefined));
      else reporter.report('ok', 'status.emptyFolder', { folder });
    };
    const told = (message: EventMessage): void => {
      this.send(message);
      count.add(Date.now());
      if (isConnected) showConnected();
    };
    reporter.report('busy', 'status.connecting', { place });
    let hadEngine = state.exists || podState.exists;
    const lost = (error: unknown): void => {
      const reason = engine?.explain(error) ?? '';
      const status = (pods === undefined ? lossStatus : podLossStatus)(error, { place, reason, translate: RED._ });
      reporter.report(lossState(error, hadEngine), ...status, 'lost');
      isConnected = false;
    };
    const connected = (): void => {
      isConnected = true;
      hadEngine = true;
      showConnected();
    };
    if (client === undefined) {
      let podFollower: PodEventFollower | undefined;
      const startPods = (): void => {
        podFollower = new PodEventFollower({
          pods: pods as PodSource,
          state: podState,
          tell: (event, time) => {
            if (isPodEventWanted(config, filter.containers, event)) told(podEventMessage(event, time, host));
          },
          connected,
          lost,
          ...kept,
        });
      };
      const cancelPods = onFlowsStarted(RED.events, startPods, lost);
      stop = async () => {
        cancelPods();
        await podFollower?.stop();
      };
      return;
    }
    const teller = new EventTeller({
      client,
      filter,
      tell: (event) => told(eventMessage(event, host)),
    });
    let follower: EventFollower | undefined;
    let downstream: Downstream | undefined;
    const start = (): void => {
      // The engine forgets an event that nobody reads: this source does not pause.
      downstream = new Downstream({
        bus: RED.events,
        node: this,
        eachNode: RED.nodes.eachNode,
        paused: () => undefined,
      });
      follower = new EventFollower({
        client,
        filters: engineFilters(config),
        counts: countedEvents(config),
        isChosen: (event) => filter.needsLabels(event) || filter(event),
        state,
        delayMs: () => downstream?.delayMs ?? POSITION_DELAY_MS,
        heard: (events) => teller.hear(events),
        connected: (containers) => {
          // The filter sees which projects there are.
          for (const [id, container] of Object.entries(containers)) filter.containers.accepts({ id, ...container });
          teller.connected();
          connected();
        },
        lost,
        ...kept,
      });
    };
    const cancel = onFlowsStarted(RED.events, start, lost);
    stop = async () => {
      cancel();
      downstream?.close();
      teller.stop();
      await follower?.stop();
    };
  }
  registerFaultRoute(RED, 'docker-events-in');
  RED.nodes.registerType('docker-events-in', DockerEventsNode);
}
