import type { Node, NodeAPI, NodeDef } from 'node-red';
import { followPressure } from '../../lib/back-pressure.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { FlowPace } from '../../lib/io/flow-pace.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { type Arguments, StatusReporter } from '../../lib/status.ts';
import { TopicCache } from '../../lib/topic.ts';
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
      cause === undefined ? args : { ...args, reason: explain(cause, (key, values) => RED._(key, values)) };
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
    const count = new LineCount(reporter);
    // Node-RED would make up an id for every msg, which takes longer than reading its line.
    const send = (payload: InfraRecord): void =>
      this.send({ _msgid: payload.event_id, topic: topics.topicOf(payload.event_action), payload });
    const timer = setInterval(() => count.show(), COUNT_MS);

    const cancel = onFlowsStarted(RED.events, () => {
      source = new Source({
        settings,
        host: monitoredHost(environment),
        hostRoot: hostRootOf(environment),
        userDir: userDirOf(RED.settings),
        name: `auth-log-in-${this.id}`,
        onRecords: (records) => {
          count.add(records.length);
          for (const payload of records) send(payload);
        },
        perTurn: () => pace.msgsPerTurn(),
        onStatus: (state, key, args, cause) => count.report(state, key, withReason(args, cause)),
        onWarning: (key, args, cause) => this.warn(translate(key, withReason(args, cause))),
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
