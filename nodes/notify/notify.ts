import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { say } from '../../lib/bus.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { closeWithState, onEveryDeploy, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, refuseInput } from '../../lib/input.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { secretSetting } from '../../lib/io/secret-file.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { wait } from '../../lib/io/wait.ts';
import { momentText } from '../../lib/moment.ts';
import { type Arguments, STATUS_FAULT, StatusReporter } from '../../lib/status.ts';
import { tlsOptions } from '../../lib/tls-config.ts';
import { masked } from './address.ts';
import { alertOf } from './alert.ts';
import { Destinations } from './io/destinations.ts';
import { Keeper } from './io/keeper.ts';
import { Outbox } from './io/outbox.ts';
import type { Destination } from './io/sending.ts';
import { parseOutboxState } from './outbox-state.ts';
import { isOwn } from './own.ts';
import { goneTest } from './removed.ts';
import { OutboxReporting } from './reporting.ts';
import { type DeployedNotify, registerRoutes } from './routes.ts';
import { type NotifyConfig, type NotifyCredentials, type NotifySettings, readSettings } from './settings.ts';

type NotifyNode = Node<NotifyCredentials>;
type NotifyDef = NodeDef & NotifyConfig;
type Configured = NotifySettings & { readonly destination: Destination | undefined };

export default function register(RED: NodeAPI): void {
  const destinations = new Destinations();
  const translate = (key: string, args?: Arguments): string => RED._(`notify.${key}`, args);

  /** Throws `NOT_CONFIGURED` with the property that has a value it cannot have. */
  function configure(node: NotifyNode, config: NotifyDef): Configured {
    const credentials = node.credentials ?? {};
    const address = secretSetting(credentials.url, environmentOf(RED.util, node), 'ALERT_WEBHOOK_URL');
    const settings = readSettings(config, credentials, address);
    if ('wrong' in settings) throw new MonitoringError('NOT_CONFIGURED', { property: settings.wrong });
    const { kind, target } = settings;
    const tls = tlsOptions(RED.nodes, config.tls);
    return { ...settings, destination: target === undefined ? undefined : destinations.create(kind, target, tls) };
  }

  function NotifyNodeConstructor(this: NotifyNode, config: NotifyDef): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, translate, RED.events);
    let settings: Configured;
    try {
      settings = configure(this, config);
    } catch (error) {
      const property = error instanceof MonitoringError ? error.values.property : undefined;
      if (property === undefined) reporter.report('fault', 'status.failed', { reason: explain(error, RED._) });
      else reporter.report('fault', `status.wrong.${property}`);
      refuseInput<NodeMessageInFlow>(this, RED._);
      return;
    }
    const { target, destination } = settings;
    const moment = momentText(settings.zone || hostZone(hostRootOf(environmentOf(RED.util, this))));
    const raise = (error: unknown): void => this.error(explain(error, RED._), { [STATUS_FAULT]: true });
    const address = target === undefined ? undefined : masked(target.url);
    const reporting = new OutboxReporting({ reporter, address, moment, raise });
    const file = new StateFile(userDirOf(RED.settings), `notify-${this.id}`, parseOutboxState);
    const outbox = new Outbox({
      ...settings,
      speech: { translate, moment },
      keeper: new Keeper({
        file,
        onLost: (error) => this.warn(explain(error, RED._)),
        onFault: (cause) => raise(new MonitoringError('NOT_KEPT', {}, { cause })),
      }),
      clock: { nowMs: Date.now, wait },
      random: Math.random,
      explain: (error) => explain(error, RED._),
      onView: (view) => reporting.show(view, Date.now()),
      onTold: ({ id, state }) => say(RED.events, 'infra-monitoring:told', { node: this.id, id, state }),
      onFault: raise,
    });
    Object.assign(this, { outbox, place: destination?.place, target } satisfies Partial<DeployedNotify>);

    const tell = async (msg: NodeMessageInFlow): Promise<void> => {
      if (!isOwn(msg, this.id)) await outbox.accept(alertOf(msg, Date.now()));
    };
    handleInput<NodeMessageInFlow>(this, tell, (error) => new Error(explain(error, RED._), { cause: error }));
    const cancel = onFlowsStarted(RED.events, () => outbox.start(), raise);
    const unhear = onEveryDeploy(RED.events, () => outbox.resolveRemoved(goneTest(RED.nodes)));
    closeWithState(this, RED.nodes.eachNode, file, async () => {
      cancel();
      unhear();
      await outbox.close();
    });
  }
  registerFaultRoute(RED, 'notify');
  RED.nodes.registerType<NotifyNode, NotifyDef, object, NotifyCredentials>('notify', NotifyNodeConstructor, {
    credentials: {
      url: { type: 'password' },
      token: { type: 'password' },
      user: { type: 'text' },
      password: { type: 'password' },
    },
  });
  registerRoutes(RED, destinations, translate);
}
