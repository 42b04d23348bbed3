import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { closeDirectInput, openDirectInput } from '../../lib/direct-input.ts';
import { environmentOf, userDirOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { isConfigured } from '../../lib/flow-lifecycle.ts';
import { handleInput, reportFailure, showFailure } from '../../lib/input.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { MsgWatchers, type Watchable } from '../../lib/io/msg-watchers.ts';
import { RecordSender } from '../../lib/io/record-sender.ts';
import { skipUnwantedMetrics } from '../../lib/node-metrics.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import type { CompiledRules } from '../../lib/rules/compile.ts';
import { shortCount } from '../../lib/short-count.ts';
import { StatusReporter } from '../../lib/status.ts';
import { parted } from './filter.ts';
import { filterRecord } from './filter-record.ts';
import { compileRows } from './io/compile-rows.ts';
import { CountingFilter } from './io/counting-filter.ts';
import { registerRoutes } from './routes.ts';
import { type FilterConfig, type FilterSettings, readSettings, toldMs } from './settings.ts';

type RecordFilterConfig = NodeDef & FilterConfig;

export default function register(RED: NodeAPI): void {
  function RecordFilterNode(this: Node, config: RecordFilterConfig): void {
    RED.nodes.createNode(this, config);
    skipUnwantedMetrics(this, RED.log);
    const reporter = new StatusReporter(this, (key, args) => RED._(`record-filter.${key}`, args), RED.events);
    tellNowhere(RED, this, reporter);
    const failed = (error: unknown): Error => showFailure(reporter, error, RED._);
    const pass = (msg: NodeMessageInFlow): void => this.send([msg, null]);

    // What cannot be judged goes on: a mistake in a row must cost no record.
    const passAll = (): void =>
      handleInput<NodeMessageInFlow>(
        this,
        (msg, done) => {
          pass(msg);
          done();
          return undefined;
        },
        failed,
      );
    let settings: FilterSettings;
    let rules: CompiledRules;
    try {
      const read = readSettings(config);
      if ('wrong' in read) {
        const label = RED._(`record-filter.label.${read.wrong}`);
        reporter.report('fault', 'status.wrongSetting', { label, value: String(config[read.wrong]) });
        passAll();
        return;
      }
      settings = read;
      rules = compileRows(read.rules);
    } catch (error) {
      reportFailure(reporter, error, RED._);
      passAll();
      return;
    }

    const told = {
      id: this.id,
      name: this.name || RED._('record-filter.label.node'),
      host: monitoredHost(environmentOf(RED.util, this)),
      windowMs: toldMs(settings),
      translate: RED._,
    };
    reporter.report('idle', 'status.waiting');
    const filter = new CountingFilter({
      userDir: userDirOf(RED.settings),
      id: this.id,
      settings,
      rules,
      tell: (dropped, nowMs) =>
        this.send([{ topic: `filter/${told.name}`, payload: filterRecord(dropped, told, nowMs) }, null]),
      show: (passed, total) =>
        reporter.report('ok', 'status.passed', { count: shortCount(passed), total: shortCount(total) }),
    });
    const watchers = new MsgWatchers(RED as unknown as Watchable);
    const passed = new RecordSender(this, 0, RED.nodes.getNode);
    const dropped = new RecordSender(this, 1, RED.nodes.getNode);
    openDirectInput(this, {
      isOpen: () => !watchers.watchAny,
      isBusy: () => passed.isBusy || dropped.isBusy,
      take: (records, toMsg) => {
        const nowMs = Date.now();
        const { fitting, others } = parted(records, (one) => filter.passes(one, nowMs));
        passed.sendAll(fitting, toMsg, true);
        dropped.sendAll(others, toMsg, true);
        filter.scheduleShow();
      },
    });
    handleInput<NodeMessageInFlow>(
      this,
      (msg, done) => {
        if (filter.passes(msg.payload, Date.now())) pass(msg);
        else this.send([null, msg]);
        filter.scheduleShow();
        done();
        return undefined;
      },
      failed,
    );
    this.on('close', (isRemoved: boolean, done: () => void) => {
      closeDirectInput(this);
      watchers.close();
      const isGone = isRemoved && !isConfigured(this.id, RED.nodes.eachNode);
      filter.close(isGone).then(done, (error) => {
        this.warn(explain(error, RED._));
        done();
      });
    });
  }
  registerFaultRoute(RED, 'record-filter');
  RED.nodes.registerType('record-filter', RecordFilterNode);
  registerRoutes(RED);
}
