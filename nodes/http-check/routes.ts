import type { NodeAPI } from 'node-red';
import { adminRoute, quoted } from '../../lib/admin-route.ts';
import { dialogValue, setting } from '../../lib/environment.ts';
import { MonitoringError } from '../../lib/errors.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { bodyTestOf } from './answer/body-test.ts';
import { type CheckRequest, parseCheckRequest } from './check-request.ts';
import { configure } from './configure.ts';
import type { CheckTools } from './io/check.ts';
import { type CheckResult, CheckRunner } from './io/check-runner.ts';
import type { JsonataProcess, Lookup } from './io/jsonata.ts';
import { bodyTesters } from './io/testers.ts';
import { isHeadless, ownPage } from './own-page.ts';
import type { Credentials } from './request/request.ts';

/** What the editor shows, and sends back, for a credential that is set. */
const UNCHANGED = '__PWRD__';
const SECRETS = { basic: 'password', bearer: 'token' } as const;
/** Nobody watches a dialog for longer. */
const LONGEST_MS = 30_000;
/** A test keeps no state and knows none. */
const NO_FILE = { read: () => undefined, write: async () => undefined, remove: async () => undefined };

/** What an `http-check` tells the route of itself. */
export interface DeployedCheck {
  readonly type: string;
  /** What it asks; undefined: Node-RED's own page. */
  readonly url?: URL | undefined;
}

/** What "Check now" is told. `isGood` is absent where this host kept it from being told. */
interface Outcome {
  readonly text: string;
  readonly isGood?: boolean;
}

/** The route of "Check now": runs the check of the dialog once, and answers what came of it. */
export function registerRoutes(RED: NodeAPI, tools: CheckTools, jsonata: JsonataProcess): void {
  const variable = (name: string): string | undefined => process.env[name];

  /** The origin that a node is deployed with: what is saved in it goes to no other. */
  function deployedOrigin(id: string): string | undefined {
    const node = RED.nodes.getNode(id) as DeployedCheck | null;
    return node?.type === 'http-check' && 'url' in node ? (node.url ?? ownPage(RED)).origin : undefined;
  }

  /** The dialog's credentials, with the saved one in the place of which it shows only that there is one. */
  function credentialsOf({ id, config, credentials }: CheckRequest, origin: string): Partial<Credentials> {
    const name = SECRETS[config.authType as keyof typeof SECRETS];
    if (name === undefined || credentials[name] !== UNCHANGED) return credentials;
    // Whoever may press the button could else send it anywhere.
    if (deployedOrigin(id) !== origin) throw new MonitoringError('CREDENTIAL_WITHHELD');
    const saved = (RED.nodes.getCredentials(id) ?? {}) as Partial<Credentials>;
    return { ...credentials, [name]: saved[name] ?? '' };
  }

  function runnerOf(dialog: CheckRequest, signal: AbortSignal): CheckRunner | { wrong: string } {
    const { config, isTlsChanged } = dialog;
    const { tls = '', url, ...others } = config;
    for (const value of [...Object.values(others), ...Object.values(dialog.credentials)])
      dialogValue(value, variable, []);
    if (tls !== '' && (isTlsChanged || RED.nodes.getNode(String(tls)) === null))
      throw new MonitoringError('TLS_NOT_DEPLOYED');
    const address = setting(dialogValue(url, variable, ['HTTP_CHECK_URL']), variable, 'HTTP_CHECK_URL');
    const origin = address !== undefined && URL.canParse(address) ? new URL(address).origin : ownPage(RED).origin;
    const credentials = credentialsOf(dialog, origin);
    const node = { credentials, context: () => NO_CONTEXT };
    const configured = configure(RED, node, { ...config, tls: String(tls) }, address);
    if ('wrong' in configured) return configured;
    if (configured.url === undefined && isHeadless(RED)) throw new MonitoringError('NO_OWN_PAGE');
    const settings = { ...configured.settings, timeoutMs: Math.min(configured.settings.timeoutMs, LONGEST_MS) };
    return new CheckRunner({
      ...configured,
      settings: { ...settings, retries: 0 },
      bodyTest: bodyTestOf(settings, bodyTesters(settings, jsonata, NO_LOOKUP, signal)),
      credentials,
      ownPage: () => ownPage(RED),
      name: '',
      host: monitoredHost(variable),
      tools,
      file: NO_FILE,
      translate: RED._,
      onSaveFault: () => undefined,
      signal,
    });
  }

  function outcomeOf({ record, failure }: CheckResult): Outcome {
    const { http_response_code: code, http_response_time_ms: ms = 0, tls_days_left: days } = record;
    const time = Math.round(Number(ms));
    const answered = code === undefined ? '' : RED._('http-check.message.answered', { code: Number(code), ms: time });
    const parts = [failure?.reason ?? '', answered].filter((part) => part !== '');
    if (days !== undefined) parts.push(RED._('http-check.check.days', { days: Number(days) }));
    const text = quoted(parts.join('; '));
    if (failure?.type === 'local_error') return { text };
    return { text, isGood: failure === undefined };
  }

  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/http-check/check',
    permission: 'http-check.write',
    async answer({ body }): Promise<Outcome> {
      const dialog = parseCheckRequest(body);
      const ending = new AbortController();
      const runner = runnerOf(dialog, ending.signal);
      if ('wrong' in runner) {
        const field = RED._(
          `http-check.${runner.wrong === 'credentials' ? 'status.noCredentials' : `label.${runner.wrong}`}`,
        );
        return { text: RED._('http-check.check.wrong', { field }), isGood: false };
      }
      const result = await runner.run();
      ending.abort();
      return result === undefined ? { text: '' } : outcomeOf(result);
    },
  });
}

/** An expression could else tell whoever may press the button what the environment and the contexts of the flows hold. */
const NO_LOOKUP: Lookup = ({ name }) =>
  Promise.reject(new MonitoringError('VARIABLE_NOT_READ', { name: name.slice(0, 50) }));
const NO_STORE = { get: () => undefined };
const NO_CONTEXT = { flow: NO_STORE, global: NO_STORE };
