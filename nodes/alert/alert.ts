import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { isConfigured, onEveryDeploy, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, refuseInput, reportFailure } from '../../lib/input.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { TimedPattern } from '../../lib/io/pattern.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import type { CompileOptions } from '../../lib/rules/compile.ts';
import { type Arguments, StatusReporter } from '../../lib/status.ts';
import { parseCommand } from './command.ts';
import { isHeldInCircle } from './held-back.ts';
import { AlertService } from './io/alert-service.ts';
import { isReport, type ReportedNode, recordOfPayload, recordOfReport } from './node-report.ts';
import { type AlertNode, registerRoutes } from './routes.ts';
import { parseSavedAlert, type SavedAlert } from './saved.ts';
import type { AlertMsg } from './say/alert-record.ts';
import { type AlertSettings, readSettings } from './settings.ts';

interface InMsg extends NodeMessageInFlow {
  readonly alert_command?: unknown;
  readonly alert_node?: unknown;
}

const pattern: CompileOptions['pattern'] = (source, flags) => {
  const timed = new TimedPattern(source, { flags });
  return (text) => timed.test(text);
};

export default function register(RED: NodeAPI): void {
  // What a file could not take, over a Deploy.
  const unkept = new Map<string, SavedAlert>();

  function AlertNode(this: AlertNode, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const translate = (key: string, args?: Arguments): string => RED._(`alert.${key}`, args);
    const reporter = new StatusReporter(this, translate, RED.events);
    tellNowhere(RED, this, reporter);
    const environment = environmentOf(RED.util, this);
    const zone = hostZone(hostRootOf(environment));
    const host = monitoredHost(environment);
    const fileName = `alert-${this.id.replaceAll(/[^\w.-]/g, '_')}`;
    const file = new StateFile<SavedAlert>(userDirOf(RED.settings), fileName, parseSavedAlert);
    let settings: AlertSettings;
    try {
      settings = checkedSettings(RED, config, zone);
    } catch (error) {
      reporter.report('fault', 'status.failed', { reason: explain(error, RED._) });
      refuseInput<NodeMessageInFlow>(this, RED._);
      return;
    }
    const warn = (key: string) => (error: unknown) => this.warn(translate(key, { reason: explain(error, RED._) }));
    const saved = newer(
      file.read(({ error }) => warn('warning.lost')(error)),
      unkept.get(this.id),
    );
    unkept.delete(this.id);

    const service = new AlertService({
      id: this.id,
      settings,
      host,
      zone,
      bus: RED.events,
      file,
      saved,
      pattern,
      translate,
      isWired: isWired(this),
      send: (msg) => this.send(toMsg(this, settings.name, msg) as never),
      show: ({ state, key, args }) => reporter.report(state, `status.${key}`, args),
      onFault: warn('warning.notKept'),
    });
    this.service = service;
    const leave = onEveryDeploy(RED.events, () => service.lookAround(reportedNodes(RED)));
    const cancel = onFlowsStarted(
      RED.events,
      () => service.start(),
      (error) => reportFailure(reporter, error, RED._),
    );

    handleInput<InMsg>(
      this,
      (msg, done) => {
        if (msg.alert_command !== undefined) {
          const command = parseCommand(msg.alert_command);
          if (!service.command(command)) throw new MonitoringError('ALERT_UNKNOWN_KEY', { value: command.key ?? '' });
        } else if (msg.alert_node !== this.id) {
          const isOfNode = settings.readsNodes && isReport(msg);
          const record = isOfNode ? recordOfReport(msg, Date.now()) : recordOfPayload(msg.payload);
          if (record !== undefined) service.take(record);
        }
        done();
        return undefined;
      },
      (error) => new Error(explain(error, RED._), { cause: error }),
    );
    this.on('close', (isRemoved: boolean, done: () => void) => {
      leave();
      cancel();
      const close = async (): Promise<void> => {
        unkept.set(this.id, await service.close(isRemoved));
        if (!isRemoved || isConfigured(this.id, RED.nodes.eachNode)) return;
        unkept.delete(this.id);
        await file.remove();
      };
      close().then(done, (error) => {
        warn('warning.notKept')(error);
        done();
      });
    });
  }
  registerFaultRoute(RED, 'alert');
  RED.nodes.registerType('alert', AlertNode);
  registerRoutes(RED, pattern);
}

/** The nodes that stand in the flows and are not disabled. */
function reportedNodes(RED: NodeAPI): ReportedNode[] {
  const nodes: ReportedNode[] = [];
  RED.nodes.eachNode((node: ReportedNode & { readonly d?: boolean }) => {
    if (node.d !== true) nodes.push(node);
  });
  return nodes;
}

/** Throws what is wrong with the saved properties. */
function checkedSettings(RED: NodeAPI, config: NodeDef, zone: string): AlertSettings {
  const settings = readSettings(config, zone);
  const nodes: { type: string }[] = [];
  RED.nodes.eachNode((node) => nodes.push(node));
  if (isHeldInCircle(settings.name, settings.heldBy, nodes))
    throw new MonitoringError('ALERT_HELD_IN_CIRCLE', { field: 'heldBy', value: settings.heldBy });
  return settings;
}

function newer(one: SavedAlert | undefined, other: SavedAlert | undefined): SavedAlert | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.savedMs > one.savedMs ? other : one;
}

/** Node-RED's types leave the wires out. */
function isWired(node: Node): boolean {
  const { wires = [] } = node as { wires?: readonly (readonly string[])[] };
  return wires.some((ends) => ends.length > 0);
}

function toMsg(node: Node, name: string, { record, isQuiet, isEvent, about }: AlertMsg): object {
  return {
    topic: `alert/${name}`,
    payload: { ...record },
    alert_node: node.id,
    ...(isQuiet && { alert_quiet: true }),
    ...(isEvent && { alert_event: true }),
    ...(about !== undefined && { alert_about: about }),
  };
}
