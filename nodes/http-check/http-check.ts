import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { environmentOf, setting, userDirOf } from '../../lib/environment.ts';
import { reason } from '../../lib/errors.ts';
import { onFlowsStarted } from '../../lib/flow-lifecycle.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { Poll } from '../../lib/io/poll.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { StatusReporter } from '../../lib/status.ts';
import { bodyTestOf } from './answer/body-test.ts';
import { textOf } from './answer/body-text.ts';
import { checkRecord, judge } from './answer/result.ts';
import { createEndpointStates } from './endpoint-states.ts';
import { runCheck } from './io/check.ts';
import { createResolver } from './io/lookup.ts';
import { OWN_PAGE, ownPageOf, tlsOptionsOf, whenListening } from './own-page.ts';
import { type Credentials, compose, targetOf } from './request/request.ts';
import { parseUrl, withoutSecrets } from './request/url.ts';
import { readSettings } from './settings.ts';
import { startDelay } from './start-delay.ts';
import { statusOf } from './status.ts';

type HttpCheckConfig = NodeDef & { checkName?: string; url?: string; tls?: string };

/** Msgs that may wait for the check before them. */
const MOST_WAITING = 100;

export default function register(RED: NodeAPI): void {
  const resolver = createResolver();

  function HttpCheckNode(this: Node<Credentials>, config: HttpCheckConfig): void {
    RED.nodes.createNode(this, config);
    const reporter = new StatusReporter(this, (key, args) => RED._(`http-check.${key}`, args));
    const environment = environmentOf(RED.util, this);
    const settings = readSettings(config);
    const url = setting(config.url, environment, 'HTTP_CHECK_URL');
    const bodyTest = 'wrong' in settings ? undefined : bodyTestOf(RED.util, this, settings);
    const tls = tlsOptionsOf(RED, config.tls);
    const parts: [string, unknown][] = [
      ['url', url === undefined || parseUrl(url)],
      ['match', bodyTest],
      ['tls', tls],
    ];
    const wrong = 'wrong' in settings ? settings.wrong : parts.find(([, part]) => !part)?.[0];
    if ('wrong' in settings || bodyTest === undefined || tls === undefined || wrong !== undefined) {
      const value = wrong === 'url' ? url : Reflect.get(config, wrong ?? '');
      reporter.report('fault', 'status.wrongSetting', { field: wrong ?? '', value: String(value) });
      this.on('input', (_msg, _send, done) => done(new Error(RED._('http-check.status.notConfigured'))));
      return;
    }
    const host = monitoredHost(environment);
    // Where Node-RED listens is known only once it does.
    const own = (): URL => parseUrl(url) ?? ownPageOf(RED);
    const file = new StateFile<unknown>(userDirOf(RED.settings), `http-check-${this.id}`, (value) => value);
    let saving = Promise.resolve();
    const save = (state: unknown): void => {
      saving = file.write(state).catch((error) => this.warn(reason(error)));
    };
    const memory = createEndpointStates(() => withoutSecrets(own()), settings, file.read(), save);
    const closing = new AbortController();
    const serial = new SerialQueue();

    const check = async (msg: NodeMessageInFlow | undefined): Promise<void> => {
      const ownUrl = own();
      const target = targetOf(msg, ownUrl);
      if ('unusable' in target) throw new Error(RED._(`http-check.status.${target.unusable}`));
      const access = url === undefined && target === ownUrl ? OWN_PAGE : { tls, variables: process.env };
      const request = compose(settings, this.credentials ?? {}, access, target, msg);
      if ('unusable' in request) throw new Error(RED._(`http-check.status.${request.unusable}`));
      const exchange = await runCheck(request, resolver, closing.signal);
      if (closing.signal.aborted) return;
      const text = exchange.body && textOf(exchange.body, exchange.contentType);
      const failure = await judge(exchange, text, settings, bodyTest);
      const nowMs = Date.now();
      const verdict = memory.advance(exchange.url, failure === undefined, nowMs);
      const name = config.checkName?.trim() || config.name?.trim() || target.host;
      const context = { ...settings, name, host, nowMs };
      const payload = checkRecord(exchange, text, failure, verdict, context);
      const result = { ...msg, topic: `http/${name}`, payload };
      this.send([result, verdict.changed || verdict.remind ? { ...result } : null]);
      const { state, key, args } = statusOf(exchange, failure, verdict, settings.tlsWarnDays);
      reporter.report(state, `status.${key}`, args);
      if (!verdict.changed) return;
      if (failure === undefined) this.log(payload.message);
      else this.warn(payload.message);
    };
    const failed = (error: unknown): void => reporter.report('fault', 'status.failed', { reason: reason(error) });

    this.on('input', (msg, _send, done) => {
      if (serial.length >= MOST_WAITING) return done(new Error(RED._('http-check.status.busy')));
      serial.run(() => check(msg)).then(() => done(), done);
    });

    reporter.report('idle', 'status.waiting');
    const stops: (() => void)[] = [() => closing.abort(new Error('closed'))];
    const start = (): void => {
      const job = (): Promise<void> => serial.run(() => check(undefined)).catch(failed);
      const poll = new Poll(settings.intervalMs, job);
      stops.push(() => poll.stop());
      poll.start(startDelay(this.id, settings.intervalMs));
    };
    stops.push(
      onFlowsStarted(RED.events, () => {
        if (url === undefined) stops.push(whenListening(RED.server, start));
        else start();
      }),
    );
    this.on('close', (removed: boolean, done: () => void) => {
      for (const stop of stops) stop();
      (removed ? file.remove() : saving).then(done, done);
    });
  }
  RED.nodes.registerType<Node<Credentials>, HttpCheckConfig, object, Credentials>('http-check', HttpCheckNode, {
    credentials: { user: { type: 'text' }, password: { type: 'password' }, token: { type: 'password' } },
  });
}
