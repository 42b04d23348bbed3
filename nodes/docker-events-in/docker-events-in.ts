import type { Node, NodeAPI, NodeDef } from 'node-red';
import { POSITION_DELAY_MS } from '../../lib/delayed-position.ts';
import { findEngine } from '../../lib/docker/engine.ts';
import { isFolder } from '../../lib/docker/filter.ts';
import { lossState, lossStatus } from '../../lib/docker/loss.ts';
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
import { StatusReporter } from '../../lib/status.ts';
import { eventMessage } from './event.ts';
import { EventCount } from './event-count.ts';
import { parseEventState } from './event-state.ts';
import { areTypes, countedEvents, type EventSettings, engineFilters, eventFilter } from './filter.ts';
import { EventFollower } from './io/event-follower.ts';
import { EventTeller } from './io/event-teller.ts';

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
    const state = new StateFile(userDirOf(RED.settings), `docker-events-${this.id}`, parseEventState);
    let stop = async (): Promise<void> => undefined;
    closeWithState(this, RED.nodes.eachNode, state, () => stop());

    if (!isFolder(composeDir)) {
      reporter.report('fault', 'status.badFolder', { folder: String(composeDir) });
      return;
    }
    if (!areTypes(config.types)) {
      reporter.report('fault', 'status.badTypes', { types: String(config.types) });
      return;
    }
    const client = engine?.client;
    if (client === undefined) {
      reporter.report('fault', 'status.badEngine', {
        reason: engine?.fault ?? RED._('docker-events-in.notice.noEngine'),
      });
      return;
    }
    const filter = eventFilter({ ...config, composeDir }, new ComposeFolders(hostRootOf(environment)));
    const count = new EventCount(hostZone(hostRootOf(environment)));
    const showConnected = (): void => {
      const folder = filter.containers.emptyFolder();
      if (folder === undefined) reporter.report('ok', ...count.status(client.place));
      else reporter.report('ok', 'status.emptyFolder', { folder });
    };
    const teller = new EventTeller({
      client,
      filter,
      tell: (told) => {
        this.send(eventMessage(told, host));
        count.add(Date.now());
        if (isConnected) showConnected();
      },
    });

    reporter.report('busy', 'status.connecting', { place: client.place });
    let follower: EventFollower | undefined;
    let downstream: Downstream | undefined;
    let isConnected = false;
    let hadEngine = state.exists;
    const lost = (error: unknown): void => {
      const said = { place: client.place, reason: engine?.explain(error) ?? '', translate: RED._ };
      reporter.report(lossState(error, hadEngine), ...lossStatus(error, said), 'lost');
      isConnected = false;
    };
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
          isConnected = true;
          hadEngine = true;
          teller.connected();
          showConnected();
        },
        lost,
        unsaved: (error) => this.warn(RED._('docker-events-in.notice.unsaved', { reason: explain(error, RED._) })),
        spoilt: (error) => this.warn(RED._('docker-events-in.notice.spoilt', { reason: explain(error, RED._) })),
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
