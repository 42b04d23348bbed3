import type { Node, NodeAPI, NodeDef } from 'node-red';
import { findEngine } from '../../lib/docker/engine.ts';
import { isFolder } from '../../lib/docker/filter.ts';
import { environmentOf, hostRootOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { closeWithState, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { ComposeFolders } from '../../lib/io/compose-folders.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import type { PodSource } from '../../lib/pods/api.ts';
import { StatusReporter } from '../../lib/status.ts';
import { type EventMessage, eventMessage } from './event.ts';
import { parseEventState } from './event-state.ts';
import { areTypes, type EventSettings, eventFilter } from './filter.ts';
import { EngineSource } from './io/engine-source.ts';
import { PodEventFollower } from './io/pod-event-follower.ts';
import { isPodEventWanted, podEventMessage } from './pod-event.ts';
import { parsePodEventState } from './pod-state.ts';
import { EventStatus } from './status.ts';

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
    const warn = (notice: string, error: unknown): void =>
      this.warn(RED._(`docker-events-in.notice.${notice}`, { reason: explain(error, RED._) }));
    const status = new EventStatus({
      reporter,
      place: (client ?? pods)?.place ?? '',
      isPods: pods !== undefined,
      zone: hostZone(hostRootOf(environment)),
      hadEngine: state.exists || podState.exists,
      emptyFolder: () => filter.containers.emptyFolder(),
      explain: (error) => engine?.explain(error) ?? '',
      translate: RED._,
    });
    const told = (message: EventMessage): void => {
      this.send(message);
      status.told(Date.now());
    };
    const heard = {
      connected: () => status.connected(),
      lost: (error: unknown) => status.lost(error),
      unsaved: (error: unknown) => warn('unsaved', error),
      spoilt: (error: unknown) => warn('spoilt', error),
    };
    const follow = (): PodEventFollower | EngineSource => {
      if (client === undefined) {
        return new PodEventFollower({
          ...heard,
          pods: pods as PodSource,
          state: podState,
          tell: (event, time) => {
            if (isPodEventWanted(config, filter.containers, event)) told(podEventMessage(event, time, host));
          },
        });
      }
      return new EngineSource({
        ...heard,
        client,
        settings: config,
        filter,
        state,
        bus: RED.events,
        node: this,
        eachNode: RED.nodes.eachNode,
        tell: (event) => told(eventMessage(event, host)),
      });
    };
    let source: PodEventFollower | EngineSource | undefined;
    const start = (): void => {
      source = follow();
    };
    const cancel = onFlowsStarted(RED.events, start, heard.lost);
    stop = async () => {
      cancel();
      await source?.stop();
    };
  }
  registerFaultRoute(RED, 'docker-events-in');
  RED.nodes.registerType('docker-events-in', DockerEventsNode);
}
