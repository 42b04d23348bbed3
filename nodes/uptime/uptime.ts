import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { spanText } from '../../lib/duration.ts';
import { environmentOf, hostRootOf, userDirOf } from '../../lib/environment.ts';
import { reason } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { intervalMs } from '../../lib/number-field.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { StatusReporter } from '../../lib/status.ts';
import { createSampler } from './io/stats.ts';
import { type Boot, hasRebooted, rebootRecord, restoredBoot } from './reboot.ts';
import { loadText, uptimeRecord } from './uptime-record.ts';

interface UptimeConfig extends NodeDef {
  interval: string;
}

/** How often it is written down that this boot was seen, at most. */
const SAVE_MS = 60_000;

export default function register(RED: NodeAPI): void {
  function UptimeNode(this: Node, config: UptimeConfig): void {
    RED.nodes.createNode(this, config);
    const environment = environmentOf(RED.util, this);
    const host = monitoredHost(environment);
    const reporter = new StatusReporter(this, (key, args) => RED._(`uptime.${key}`, args));
    const interval = intervalMs(config.interval);
    const sample = createSampler(hostRootOf(environment));
    const file = new StateFile<unknown>(userDirOf(RED.settings), `uptime-${this.id}`, (value) => value);
    const serial = new SerialQueue();
    let seen = restoredBoot(file.read());
    let savedMs = Number.NEGATIVE_INFINITY;

    const followBoot = (boot: Boot): void => {
      const rebooted = seen !== undefined && hasRebooted(seen, boot) ? rebootRecord(seen, boot, host) : undefined;
      seen = boot;
      if (rebooted !== undefined) {
        this.log(rebooted.message);
        this.send({ topic: 'uptime', payload: rebooted });
      }
      // After it is told: a crash in between tells it twice, with the same event_id, and never not at all.
      if (rebooted !== undefined || boot.seenMs - savedMs >= SAVE_MS) {
        savedMs = boot.seenMs;
        file.write(boot).catch((error) => this.warn(reason(error)));
      }
    };
    const measure = async (msg: NodeMessageInFlow | object): Promise<void> => {
      const stats = await sample();
      const nowMs = Date.now();
      followBoot({ id: stats.bootId, uptimeSeconds: stats.uptimeSeconds, seenMs: nowMs });
      this.send({ ...msg, topic: 'uptime', payload: uptimeRecord(stats, host, nowMs) });
      reporter.report('ok', 'status.up', { span: spanText(stats.uptimeSeconds), load: loadText(stats.load1m) });
    };
    const failed = (error: unknown): void => reporter.report('fault', 'status.failed', { reason: reason(error) });

    this.on('input', (msg, _send, done) => {
      serial
        .run(() => measure(msg))
        .then(
          () => done(),
          (error) => {
            failed(error);
            done(error);
          },
        );
    });

    if (Number.isNaN(interval)) {
      reporter.report('fault', 'status.badInterval', { interval: String(config.interval) });
      return;
    }
    reporter.report('idle', 'status.waiting');
    const poll = new Poll(interval, () => serial.run(() => measure({})).catch(failed));
    const cancel = onFlowsStarted(RED.events, () => poll.start());
    this.on('close', (removed: boolean, done: () => void) => {
      cancel();
      poll.stop();
      // Written once more: how long the host was down counts from here.
      const kept = removed ? file.remove() : seen === undefined ? Promise.resolve() : file.write(seen);
      kept.then(done, done);
    });
  }
  RED.nodes.registerType('uptime', UptimeNode);
}
