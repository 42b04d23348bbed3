import type { Node, NodeAPI } from 'node-red';
import { adminRoute } from '../../lib/admin-route.ts';
import { hostRootOf } from '../../lib/environment.ts';
import { explain, MonitoringError } from '../../lib/errors.ts';
import { hostZone } from '../../lib/io/host-zone.ts';
import { ringOn } from '../../lib/ring.ts';
import type { CompileOptions } from '../../lib/rules/compile.ts';
import { parseCommand, parseSilence } from './command.ts';
import type { AlertService } from './io/alert-service.ts';
import { runInSlices } from './io/run-try.ts';
import { membersOf } from './judge/judge.ts';
import { createRule } from './rule.ts';
import { readSettings } from './settings.ts';
import { tryRule } from './try-rule.ts';

/** What the button on the node silences for. */
const BUTTON_SILENCE = '1h';
/** So many of what fires are shown in the dialog. */
const MOST_SHOWN = 20;

/** An `alert` that runs. */
export interface AlertNode extends Node {
  service?: AlertService;
}

/** What the dialog and the button ask: Try, Test, and silence. */
export function registerRoutes(RED: NodeAPI, pattern: CompileOptions['pattern']): void {
  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/alert/try',
    permission: 'infra-monitoring.read',
    async answer({ body }) {
      const past = ringOn(RED.events);
      if (past === undefined) throw new MonitoringError('ALERT_NO_RECORDS');
      try {
        const zone = hostZone(hostRootOf((name) => process.env[name]));
        const settings = readSettings(membersOf(body), zone);
        const rule = createRule(settings, { pattern, isPaused: () => false });
        return await runInSlices(tryRule(settings, rule, past.records(), past.sinceMs, Date.now()));
      } catch (error) {
        // A wrong setting is an answer: the dialog shows it where the result would stand.
        if (!(error instanceof MonitoringError)) throw error;
        return { fault: explain(error, RED._), field: error.values.field };
      }
    },
  });

  const running = (id: string | undefined): AlertService | undefined =>
    ((RED.nodes.getNode(id ?? '') ?? {}) as Partial<AlertNode>).service;
  const serviceOf = (id: string | undefined): AlertService => {
    const service = running(id);
    if (service === undefined) throw new MonitoringError('ALERT_NOT_DEPLOYED');
    return service;
  };

  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/alert/:id/test',
    permission: 'infra-monitoring.write',
    answer({ params }) {
      serviceOf(params.id).test();
      return { sent: 2 };
    },
  });

  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/alert/:id/silence',
    permission: 'infra-monitoring.write',
    async answer({ params, body }) {
      const service = serviceOf(params.id);
      await service.command(parseCommand(membersOf(body).toggle === true ? toggled(service) : body));
      const { silentUntilMs, firing } = service;
      return {
        silentUntil: silentUntilMs === undefined ? null : new Date(silentUntilMs).toISOString(),
        firing: firing.length,
      };
    },
  });

  adminRoute(RED, {
    method: 'get',
    path: '/infra-monitoring/alert/:id/firing',
    permission: 'infra-monitoring.read',
    answer({ params }) {
      // Of a node that does not run yet nothing fires: the dialog of a new one asks too.
      const firing = running(params.id)?.firing ?? [];
      return { count: firing.length, firing: firing.slice(0, MOST_SHOWN) };
    },
  });
}

/** The button silences for an hour; where it is silent by hand it wakes. */
function toggled(service: AlertService): object {
  return service.silentUntilMs === undefined && parseSilence(BUTTON_SILENCE) !== undefined
    ? { silence: BUTTON_SILENCE }
    : { wake: true };
}
