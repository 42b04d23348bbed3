import type { Node, NodeAPI, NodeDef } from 'node-red';
import { brief } from '../../lib/brief.ts';
import { POSITION_DELAY_MS } from '../../lib/delayed-position.ts';
import type { RecordMsg } from '../../lib/direct-input.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { closeWithState, onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { Downstream } from '../../lib/io/downstream.ts';
import { FlowPace } from '../../lib/io/flow-pace.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { RecordSender } from '../../lib/io/record-sender.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { clockText } from '../../lib/moment.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { type Arguments, StatusReporter } from '../../lib/status.ts';
import { TopicCache } from '../../lib/topic.ts';
import { wrongValue } from '../../lib/wrong-value.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { deniedKey, readersOf } from './denied.ts';
import { Source } from './io/source.ts';
import { LineCount } from './line-count.ts';
import { type AuthLogProperties, readSettings } from './settings.ts';

interface AuthLogConfig extends NodeDef, Partial<AuthLogProperties> {}

const COUNT_MS = 1000;

export default function register(RED: NodeAPI): void {
  function AuthLogInNode(this: Node, config: AuthLogConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const environment = environmentOf(RED.util, this);
    const translate = (key: string, args?: Arguments): string => RED._(`auth-log-in.${key}`, args);
    const withReason = (args: Arguments, cause: unknown): Arguments =>
      cause === undefined ? args : { ...args, reason: explain(cause, RED._), why: brief(cause, RED._) };
    const reporter = new StatusReporter(this, translate, RED.events);
    tellNowhere(RED, this, reporter);
    const state = new StateFile(userDirOf(RED.settings), `auth-log-in-${this.id}`, parseCheckpoint);
    let stop = async (): Promise<void> => undefined;
    closeWithState(this, RED.nodes.eachNode, state, () => stop());
    const settings = readSettings(config, environment);
    if ('property' in settings) {
      reporter.report('fault', 'status.badProperty', wrongValue(RED._, 'auth-log-in', settings.property, config));
      return;
    }
    // macOS and Windows have no log that could be found; a file that is named is read there, too.
    if (['darwin', 'win32'].includes(process.platform) && (settings.file ?? 'journal') === 'journal') {
      reporter.report('idle', 'status.needsLinux');
      return;
    }

    const topics = new TopicCache('auth/');
    let source: Source | undefined;
    let downstream: Downstream | undefined;
    const count = new LineCount(reporter, clockText(hostZone(hostRootOf(environment))));
    const slowed = (isSlowed: boolean): void => count.slow(isSlowed);
    const sender = new RecordSender(this, 0, RED.nodes.getNode);
    const pace = new FlowPace({ node: this, eachNode: RED.nodes.eachNode, slowed, sender });
    // Node-RED would make up an id for every msg, which takes longer than reading its line.
    const toMsg = (payload: InfraRecord): RecordMsg => ({
      _msgid: payload.event_id,
      topic: topics.topicOf(payload.event_action),
      payload,
    });
    let timer: NodeJS.Timeout | undefined;
    const showSoon = (): void => {
      timer = undefined;
      count.show();
    };

    const start = (): void => {
      source = new Source({
        settings,
        host: monitoredHost(environment),
        hostRoot: hostRootOf(environment),
        state,
        delayMs: () => downstream?.delayMs ?? POSITION_DELAY_MS,
        onRecords: (records) => {
          count.add(records.length, Date.now());
          timer ??= setTimeout(showSoon, COUNT_MS);
          sender.sendAll(records, toMsg);
        },
        perTurn: () => pace.perTurn(),
        onStatus: (status, key, args, cause) =>
          count.report(status, deniedKey(key, cause), {
            group: readersOf(String(args.log)),
            ...withReason(args, cause),
          }),
        onWarning: (key, args, cause) => this.warn(translate(key, withReason(args, cause))),
      });
      downstream = new Downstream({
        bus: RED.events,
        node: this,
        eachNode: RED.nodes.eachNode,
        paused: (servers) => {
          count.pause(servers);
          source?.pause(servers !== undefined);
        },
      });
    };
    const cancel = onFlowsStarted(RED.events, start, (error) =>
      reporter.report('fault', 'status.failed', withReason({}, error)),
    );
    stop = async () => {
      cancel();
      pace.close();
      downstream?.close();
      clearTimeout(timer);
      await source?.stop();
    };
  }
  registerFaultRoute(RED, 'auth-log-in');
  RED.nodes.registerType('auth-log-in', AuthLogInNode);
}
