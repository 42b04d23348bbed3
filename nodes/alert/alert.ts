import type { NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { closeDirectInput, openDirectInput } from '../../lib/direct-input.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { isConfigured, onEveryDeploy, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, refuseInput, reportFailure } from '../../lib/input.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { MsgWatchers, type Watchable } from '../../lib/io/msg-watchers.ts';
import { timedPattern } from '../../lib/io/pattern.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { isWired, tellNowhere } from '../../lib/nowhere.ts';
import { type Arguments, StatusReporter } from '../../lib/status.ts';
import { parseCommand } from './command.ts';
import { checkHolders } from './held-back.ts';
import { AlertBeat } from './io/alert-clock.ts';
import { AlertService } from './io/alert-service.ts';
import { AlertStates } from './io/alert-states.ts';
import { isReport, recordOfPayload, recordOfReport, reportedNodes } from './node-report.ts';
import { type AlertNode, registerRoutes } from './routes.ts';
import { toMsg } from './say/msg.ts';
import { type AlertSettings, readSettings } from './settings.ts';

interface InMsg extends NodeMessageInFlow {
  readonly alert_command?: unknown;
  readonly alert_node?: unknown;
}

export default function register(RED: NodeAPI): void {
  const states = new AlertStates(userDirOf(RED.settings));
  const beat = new AlertBeat();

  function AlertNode(this: AlertNode, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const translate = (key: string, args?: Arguments): string => RED._(`alert.${key}`, args);
    const reporter = new StatusReporter(this, translate, RED.events);
    tellNowhere(RED, this, reporter);
    const environment = environmentOf(RED.util, this);
    const zone = hostZone(hostRootOf(environment));
    const host = monitoredHost(environment);
    const file = states.fileOf(this.id);
    let settings: AlertSettings;
    try {
      settings = readSettings(config, zone);
      checkHolders(settings, RED.nodes.eachNode);
    } catch (error) {
      reporter.report('fault', 'status.failed', { reason: explain(error, RED._) });
      refuseInput<NodeMessageInFlow>(this, RED._);
      return;
    }
    const failed = (error: unknown): Error => new Error(explain(error, RED._), { cause: error });
    const warn = (key: string) => (error: unknown) => this.warn(translate(key, { reason: explain(error, RED._) }));
    const service = new AlertService({
      id: this.id,
      settings,
      host,
      zone,
      bus: RED.events,
      file,
      saved: states.take(this.id, warn('warning.lost')),
      pattern: timedPattern,
      beat,
      translate,
      isWired: isWired(this),
      send: (msg) => this.send(toMsg(this.id, settings.name, msg) as never),
      show: ({ state, key, args }) => reporter.report(state, `status.${key}`, args),
      onFault: warn('warning.notKept'),
    });
    this.service = service;
    const leave = onEveryDeploy(RED.events, () => service.lookAround(reportedNodes(RED.nodes.eachNode)));
    const cancel = onFlowsStarted(
      RED.events,
      () => service.start(),
      (error) => reportFailure(reporter, error, RED._),
    );

    handleInput<InMsg>(
      this,
      (msg, done) => {
        if (msg.alert_command !== undefined) return service.command(parseCommand(msg.alert_command));
        if (msg.alert_node !== this.id) {
          const isOfNode = settings.readsNodes && isReport(msg);
          const record = isOfNode ? recordOfReport(msg, Date.now()) : recordOfPayload(msg.payload);
          if (record !== undefined) service.take(record);
        }
        done();
        return undefined;
      },
      failed,
    );
    const watchers = new MsgWatchers(RED as unknown as Watchable);
    openDirectInput(this, {
      isOpen: () => !watchers.watchAny,
      isBusy: () => false,
      take: (records, toMsg) => {
        service.takeAll(records, (error, record) => this.error(failed(error), { ...toMsg({ ...record }) }));
      },
    });
    this.on('close', (isRemoved: boolean, done: () => void) => {
      closeDirectInput(this);
      watchers.close();
      leave();
      cancel();
      const close = async (): Promise<void> => {
        states.put(this.id, await service.close(isRemoved));
        if (isRemoved && !isConfigured(this.id, RED.nodes.eachNode)) await states.remove(this.id, file);
      };
      close().then(done, (error) => {
        warn('warning.notKept')(error);
        done();
      });
    });
  }
  registerFaultRoute(RED, 'alert');
  RED.nodes.registerType('alert', AlertNode);
  registerRoutes(RED, timedPattern);
}
