import { hostname } from 'node:os';
import type { NodeAPI } from 'node-red';
import { hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { limitsOf, pendingOf } from './digest/alert-reports.ts';
import { type DeliveryState, deliveryOf } from './digest/deliveries.ts';
import { ownNames } from './host-name.ts';
import { Answers } from './io/answers.ts';
import { FlowsState } from './io/flows-state.ts';
import { tellAddress } from './io/page-address.ts';
import { RecordKeeper } from './io/record-keeper.ts';
import { readPage } from './io/static-files.ts';
import { Watcher } from './io/watcher.ts';
import { parseAnonymous } from './rights.ts';
import { PATH, registerRoutes } from './routes.ts';

/** The server half: it runs as long as Node-RED does, also where there is no editor. */
export default function register(RED: NodeAPI): void {
  const environment = (name: string): string | undefined => process.env[name];
  const settings = RED.settings as NodeAPI['settings'] & { adminAuth?: unknown; disableEditor?: boolean };
  const { ring } = new RecordKeeper(RED.events);
  const flows = new FlowsState(RED.events);
  const configsOf = (wanted: string): readonly { readonly id: string }[] => {
    const found: { readonly id: string }[] = [];
    // Before the flows start, Node-RED throws at whoever asks for nodes.
    if (flows.haveStarted) {
      RED.nodes.eachNode((config) => {
        const { type, d: isDisabled } = config as { type: string; d?: boolean };
        if (type === wanted && isDisabled !== true) found.push(config);
      });
    }
    return found;
  };
  const nodesOf = (type: string): readonly unknown[] => configsOf(type).map(({ id }) => RED.nodes.getNode(id));
  const deliveries = (): readonly DeliveryState[] =>
    nodesOf('graylog-server')
      .map(deliveryOf)
      .filter((found) => found !== undefined);
  const watcher = new Watcher({
    bus: RED.events,
    ring,
    userDir: userDirOf(settings),
    deliveries,
    onFault: (error) => RED.log.warn(`[monitoring-page] ${explain(error, RED._)}`),
  });
  process.once('exit', () => watcher.writeAtEnd());
  RED.events.on('flows:started', () => watcher.firing());
  const { files, build } = readPage();
  const answers = new Answers(watcher, ring, {
    host: monitoredHost(environment),
    zone: hostZone(hostRootOf(environment)),
    build,
    flowsRun: () => flows.run,
    deliveries,
    pending: () => nodesOf('alert').flatMap(pendingOf),
    limits: () => limitsOf(nodesOf('alert'), configsOf('disk-stats')),
    nodeName: (id) => RED.nodes.getNode(id)?.name || RED.nodes.getNode(id)?.type || id,
  });
  registerRoutes(RED, {
    answers,
    files,
    hasLogIn: Boolean(settings.adminAuth),
    hasEditor: settings.disableEditor !== true,
    anonymous: parseAnonymous(environment('MONITORING_ANONYMOUS')),
    ownNames: ownNames(hostname(), environment('MONITORING_ALLOWED_HOSTS')),
  });
  tellAddress(RED, PATH, (address) => RED.log.info(RED._('monitoring-page.log.address', { address })));
}
