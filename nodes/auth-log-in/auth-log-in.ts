import type { Node, NodeAPI, NodeDef } from 'node-red';
import { followPressure } from '../../lib/back-pressure.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { FlowPace } from '../../lib/io/flow-pace.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { StatusReporter } from '../../lib/status.ts';
import { TopicCache } from '../../lib/topic.ts';
import { openSource, type Source } from './io/source.ts';
import { type AuthLogProperties, readSettings } from './settings.ts';

interface AuthLogConfig extends NodeDef, Partial<AuthLogProperties> {}

/** A status for every line would cost more than the line. */
const COUNT_MS = 1000;

export default function register(RED: NodeAPI): void {
  function AuthLogInNode(this: Node, config: AuthLogConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const environment = environmentOf(RED.util, this);
    const translate = (key: string, args?: object): string => RED._(`auth-log-in.${key}`, args as never);
    const reporter = new StatusReporter(this, translate);
    const settings = readSettings(config, environment);
    if ('property' in settings) {
      reporter.report('fault', 'status.badProperty', { ...settings });
      return;
    }

    const pace = new FlowPace(this, RED.nodes.eachNode);
    const topics = new TopicCache('auth/');
    let source: Source | undefined;
    let leave = (): void => undefined;
    let log: string | undefined;
    let lines = 0;
    let counted = -1;
    // Node-RED would make up an id for every msg, which takes longer than reading its line.
    const send = (payload: InfraRecord): void =>
      this.send({ _msgid: payload.event_id, topic: topics.topicOf(payload.event_action), payload });
    const count = (): void => {
      if (log === undefined || lines === counted) return;
      counted = lines;
      reporter.report('ok', 'status.lines', { log, lines });
    };
    const timer = setInterval(count, COUNT_MS);

    const cancel = onFlowsStarted(RED.events, () => {
      source = openSource({
        settings,
        host: monitoredHost(environment),
        hostRoot: hostRootOf(environment),
        userDir: userDirOf(RED.settings),
        name: `auth-log-in-${this.id}`,
        onRecords: (records) => {
          lines += records.length;
          for (const payload of records) send(payload);
        },
        perTurn: () => pace.msgsPerTurn(),
        onStatus: (state, key, args) => {
          // While all is well the count says more, and says it at its own pace.
          const isSame = state === 'ok' && log === args.log;
          log = state === 'ok' ? String(args.log) : undefined;
          if (isSame) return;
          counted = -1;
          if (state === 'ok') count();
          else reporter.report(state, key, args);
        },
        onWarning: (key, args) => this.warn(translate(key, args)),
      });
      leave = followPressure(RED.events, (paused) => source?.pause(paused));
    });
    this.on('close', (done: () => void) => {
      cancel();
      leave();
      clearInterval(timer);
      Promise.resolve(source?.stop()).then(
        () => done(),
        () => done(),
      );
    });
  }
  RED.nodes.registerType('auth-log-in', AuthLogInNode);
}
