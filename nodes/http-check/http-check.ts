import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, setting, userDirOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { handleInput, refuseInput, reportFailure } from '../../lib/input.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { tellNowhere } from '../../lib/nowhere.ts';
import { StatusReporter } from '../../lib/status.ts';
import { wrongValue } from '../../lib/wrong-value.ts';
import { bodyTestOf } from './answer/body-test.ts';
import { configure } from './configure.ts';
import { parseEndpoint } from './endpoint-states.ts';
import { expressionLookup } from './expression.ts';
import { CheckRunner } from './io/check-runner.ts';
import { JsonataProcess } from './io/jsonata.ts';
import { bodyTesters } from './io/testers.ts';
import { createTools } from './io/tools.ts';
import { isHeadless, ownPage, whenListening } from './own-page.ts';
import type { Credentials } from './request/request.ts';
import { registerRoutes } from './routes.ts';
import { startDelay } from './start-delay.ts';
import { statusArguments, wrongSetting } from './status.ts';

type HttpCheckConfig = NodeDef & { checkName?: string; url?: string; tls?: string };

export default function register(RED: NodeAPI): void {
  const tools = createTools();
  const jsonata = new JsonataProcess(RED.util);

  function HttpCheckNode(this: Node<Credentials>, config: HttpCheckConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, (key, args) => RED._(`http-check.${key}`, args), RED.events);
    tellNowhere(RED, this, reporter);
    const environment = environmentOf(RED.util, this);
    const configured = configure(RED, this, config, setting(config.url, environment, 'HTTP_CHECK_URL'));
    if ('wrong' in configured) {
      const { state, key, isQuoted } = wrongSetting(configured.wrong, config);
      const args = wrongValue(RED._, 'http-check', configured.wrong, isQuoted ? config : {});
      reporter.report(state, `status.${key}`, args);
      refuseInput<NodeMessageInFlow>(this, RED._);
      return;
    }
    const { settings, url } = configured;
    Object.assign(this, { url });
    const closing = new AbortController();
    const testers = bodyTesters(settings, jsonata, expressionLookup(RED.util, this), closing.signal);
    const runner = new CheckRunner({
      ...configured,
      bodyTest: bodyTestOf(settings, testers),
      credentials: this.credentials ?? {},
      ownPage: () => ownPage(RED),
      name: config.checkName?.trim() || config.name?.trim() || '',
      host: monitoredHost(environment),
      tools,
      file: new StateFile(userDirOf(RED.settings), `http-check-${this.id}`, parseEndpoint),
      translate: RED._,
      onSaveFault: (error) => this.warn(explain(error, RED._)),
      signal: closing.signal,
    });

    const hasNoPage = url === undefined && isHeadless(RED);
    const check = async (msg?: NodeMessageInFlow): Promise<void> => {
      if (hasNoPage && !msg?.url) throw new MonitoringError('NO_OWN_PAGE');
      const result = await runner.run(msg);
      if (result === undefined) return;
      const { name, record, verdict, shown } = result;
      const out = { ...msg, topic: `http/${name}`, payload: record };
      this.send([out, verdict.changed || verdict.remind ? { ...out } : null]);
      reporter.report(shown.state, `status.${shown.key}`, statusArguments(shown, record.message, RED._));
      if (!verdict.changed) return;
      if (verdict.next.state === 'up') this.log(record.message);
      else this.warn(record.message);
    };
    handleInput<NodeMessageInFlow>(this, check, (error) => new Error(explain(error, RED._), { cause: error }));

    reporter.report('idle', hasNoPage ? 'status.headless' : 'status.waiting');
    const poll = new Poll(settings.intervalMs, () => check().catch((error) => reportFailure(reporter, error, RED._)));
    const start = (): void => poll.start(startDelay(this.id, settings.intervalMs));
    const cancel = onFlowsStarted(
      RED.events,
      () => {
        if (hasNoPage) return;
        if (url === undefined) whenListening(RED, start, closing.signal);
        else start();
      },
      (error) => reportFailure(reporter, error, RED._),
    );
    this.on('close', (removed: boolean, done: () => void) => {
      closing.abort(new MonitoringError('CLOSED'));
      cancel();
      poll.stop();
      runner.close(removed).then(done, done);
    });
  }
  registerFaultRoute(RED, 'http-check');
  RED.nodes.registerType<Node<Credentials>, HttpCheckConfig, object, Credentials>('http-check', HttpCheckNode, {
    credentials: {
      user: { type: 'text' },
      password: { type: 'password' },
      token: { type: 'password' },
      headers: { type: 'text' },
      body: { type: 'text' },
    },
  });
  registerRoutes(RED, tools, jsonata);
}
