import type { Node, NodeAPI, NodeDef } from 'node-red';
import { environmentOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import { type Arguments, StatusReporter } from '../../lib/status.ts';
import { wrongValue } from '../../lib/wrong-value.ts';
import { Link } from './io/link.ts';
import { ParkedReceivers } from './io/parked.ts';
import { Receiver } from './io/receiver.ts';
import { serverTls } from './server-tls.ts';
import { type GelfInProperties, readSettings } from './settings.ts';

interface GelfInConfig extends NodeDef, Partial<GelfInProperties> {}

export default function register(RED: NodeAPI): void {
  const parked = new ParkedReceivers();

  function GelfInNode(this: Node, config: GelfInConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const translate = (key: string, args?: Arguments): string => RED._(`gelf-in.${key}`, args);
    const reporter = new StatusReporter(this, translate, RED.events);
    tellNowhere(RED, this, reporter);
    const settings = readSettings(config);
    if ('wrong' in settings) {
      reporter.report('fault', 'status.badProperty', wrongValue(RED._, 'gelf-in', settings.wrong, config));
      return;
    }
    let tls: ReturnType<typeof serverTls>;
    try {
      tls = serverTls(RED.nodes, config.tls, settings);
    } catch (error) {
      reporter.report('fault', 'status.badTls', { reason: explain(error, RED._) });
      return;
    }
    const relay = monitoredHost(environmentOf(RED.util, this));
    // What differs here differs for who sends: the ports are opened anew.
    const key = JSON.stringify([settings, config.senders, relay, tls]);
    const receiver = parked.take(this.id, key) ?? new Receiver({ settings, relay, tls });
    reporter.report('busy', 'status.opening', { port: settings.port });
    let link: Link | undefined;
    const start = (): void => {
      link = new Link({
        ...{ receiver, settings, node: this, bus: RED.events, eachNode: RED.nodes.eachNode },
        report: (state, status, args, fault) => reporter.report(state, status, args, fault),
        warn: (notice, args) => this.warn(translate(`notice.${notice}`, args)),
        explain: (error) => explain(error, RED._),
      });
    };
    const cancel = onFlowsStarted(
      RED.events,
      () => void parked.closed().then(start),
      () => undefined,
    );
    this.on('close', (isRemoved: boolean, done: () => void) => {
      cancel();
      link?.close();
      if (isRemoved) void receiver.close().then(done, done);
      else {
        parked.park(this.id, key, receiver);
        done();
      }
    });
  }
  registerFaultRoute(RED, 'gelf-in');
  RED.nodes.registerType('gelf-in', GelfInNode);
}
