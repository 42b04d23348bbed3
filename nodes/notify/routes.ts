import { randomUUID } from 'node:crypto';
import type { NodeAPI } from 'node-red';
import { type AdminRequest, adminRoute, quoted } from '../../lib/admin-route.ts';
import { configured, dialogValue, environmentOf, hostRootOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { monitoredHost } from '../../lib/io/host.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { secretSetting } from '../../lib/io/secret-file.ts';
import { momentText } from '../../lib/moment.ts';
import type { Arguments, Translate } from '../../lib/status.ts';
import { tlsOptions } from '../../lib/tls-config.ts';
import { masked, withoutSecrets } from './address.ts';
import type { Destinations } from './io/destinations.ts';
import type { Outbox } from './io/outbox.ts';
import { sendTrial } from './io/trial.ts';
import { packNext } from './pack.ts';
import type { Target, Verdict } from './services/service.ts';
import { type NotifyCredentials, type NotifySettings, readSettings } from './settings.ts';
import { parseTestRequest, type TestRequest, trialEntry } from './test-request.ts';

/** What the editor shows, and sends back, for a credential that is set. */
const UNCHANGED = '__PWRD__';
const VARIABLE = 'ALERT_WEBHOOK_URL';
const SECRETS = ['token', 'user', 'password'] as const;

/** What a `notify` tells the routes of itself. */
export interface DeployedNotify {
  readonly type: string;
  readonly outbox?: Outbox;
  readonly place?: string;
  readonly target?: Target;
}

/** What the person who pressed Test is told; without `isGood` where nobody can tell. */
interface Answer {
  readonly result: string;
  readonly isGood?: boolean;
}

/** What the service says of the message. */
function answerTo(verdict: Verdict, shown: Arguments, translate: Translate): Answer {
  const outcome = verdict.kind === 'success' && verdict.isOnlyAccepted ? 'accepted' : verdict.kind;
  const result = quoted(translate(`test.${outcome}`, { ...shown, reason: verdict.reason }));
  return outcome === 'accepted' ? { result } : { result, isGood: outcome === 'success' };
}

type Dialog = Extract<NotifySettings, { target: unknown }>;

/** The routes of the dialog: its Test button, and which address the node has now, masked. */
export function registerRoutes(RED: NodeAPI, destinations: Destinations, translate: Translate): void {
  const deployed = (id = ''): DeployedNotify | undefined => {
    const node = RED.nodes.getNode(id) as DeployedNotify | null;
    return node?.type === 'notify' ? node : undefined;
  };
  const environment = (id?: string) => {
    const node = deployed(id);
    return node === undefined ? (name: string) => process.env[name] : environmentOf(RED.util, node);
  };

  /** The dialog's address and credentials, with those that are saved in the places of which it shows only that there is one. */
  function credentialsOf(dialog: TestRequest): { credentials: NotifyCredentials; address: string | undefined } {
    const saved = (RED.nodes.getCredentials(dialog.id ?? '') ?? {}) as NotifyCredentials;
    const variable = environment(dialog.id);
    const url = dialog.url === UNCHANGED ? saved.url : dialogValue(dialog.url, variable, [VARIABLE]);
    const address = secretSetting(url, variable, VARIABLE);
    const credentials: NotifyCredentials = {};
    for (const name of SECRETS) {
      const value = dialog[name] === UNCHANGED ? saved[name] : configured(dialog[name]);
      if (value !== undefined) credentials[name] = value;
    }
    return { credentials, address };
  }

  /** Whoever may press the button could else send what is saved anywhere. */
  function refuseElsewhere(dialog: TestRequest, { target }: Dialog): void {
    const isSaved = SECRETS.some((name) => dialog[name] === UNCHANGED);
    const origin = deployed(dialog.id)?.target?.url.origin;
    if (isSaved && dialog.url !== UNCHANGED && target?.url.origin !== origin)
      throw new MonitoringError('CREDENTIAL_WITHHELD');
  }

  async function test({ body }: AdminRequest): Promise<Answer> {
    const dialog = parseTestRequest(body);
    const { credentials, address } = credentialsOf(dialog);
    const settings = readSettings(dialog, credentials, address);
    if ('wrong' in settings) return { result: translate(`status.wrong.${settings.wrong}`), isGood: false };
    const { target, kind } = settings;
    if (target === undefined) return { result: translate('status.noAddress'), isGood: false };
    refuseElsewhere(dialog, settings);
    const { tls = '', isTlsChanged } = dialog;
    if (tls !== '' && (isTlsChanged || RED.nodes.getNode(String(tls)) === null))
      throw new MonitoringError('TLS_NOT_DEPLOYED');
    const destination = destinations.create(kind, target, tlsOptions(RED.nodes, tls));
    const shown = { address: masked(target.url), service: translate(`service.${kind}`) };
    const node = deployed(dialog.id);
    const waiting = node?.place === destination.place ? (node.outbox?.waiting ?? 0) : 0;
    if (waiting > 0) return { result: translate('test.busy', { ...shown, count: waiting }) };
    const variable = environment(dialog.id);
    const speech = { translate, moment: momentText(settings.zone || hostZone(hostRootOf(variable))) };
    const entry = trialEntry(monitoredHost(variable), randomUUID(), Date.now(), speech);
    const { message } = packNext([entry], destination.service, target, speech, 1);
    try {
      return answerTo(await sendTrial(destination, message), shown, translate);
    } catch (error) {
      const reason = withoutSecrets(explain(error, RED._), target);
      return { result: quoted(translate('test.failed', { ...shown, reason })), isGood: false };
    }
  }

  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/notify/test',
    permission: 'infra-monitoring.write',
    answer: test,
  });
  adminRoute(RED, {
    method: 'get',
    path: '/infra-monitoring/notify/address/:id',
    permission: 'infra-monitoring.read',
    answer: ({ params: { id } }) => {
      const target = deployed(id)?.target;
      return target === undefined ? {} : { address: masked(target.url) };
    },
  });
}
