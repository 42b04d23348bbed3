import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import authLogIn from '../../nodes/auth-log-in/auth-log-in.ts';
import diskStats from '../../nodes/disk-stats/disk-stats.ts';
import dockerEngine from '../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../nodes/docker-events-in/docker-events-in.ts';
import dockerLogs from '../../nodes/docker-logs-in/docker-logs-in.ts';
import graylogOut from '../../nodes/graylog-out/graylog-out.ts';
import graylogServer from '../../nodes/graylog-server/graylog-server.ts';
import httpCheck from '../../nodes/http-check/http-check.ts';
import uptime from '../../nodes/uptime/uptime.ts';
import { runFlow } from '../support/flow.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

const tlsConfig = createRequire(import.meta.url)('@node-red/nodes/core/network/05-tls.js') as typeof uptime;

const nodes = [
  tlsConfig,
  authLogIn,
  diskStats,
  dockerEngine,
  dockerEvents,
  dockerLogs,
  graylogOut,
  graylogServer,
  httpCheck,
  uptime,
];

interface Told {
  error?: { source: { id: string } };
  status?: { fill: string; source: { id: string } };
}

/** A node that keeps every msg from its constructor on. */
function recorder(told: Told[]) {
  return (RED: NodeAPI) =>
    RED.nodes.registerType('recorder', function (this: import('node-red').Node, config) {
      RED.nodes.createNode(this, config);
      this.on('input', (msg) => told.push(msg as Told));
    });
}

/** The node `n` with something wrong, and its config nodes. */
const WRONG: { [what: string]: object[] } = {
  'auth-log-in: a relative path': [{ type: 'auth-log-in', file: 'auth.log' }],
  'disk-stats: a threshold': [{ type: 'disk-stats', interval: '0', warning: 'abc' }],
  'disk-stats: an engine that is gone': [{ type: 'disk-stats', interval: '0', engine: 'gone' }],
  'docker-engine under disk-stats: an address': [
    { type: 'disk-stats', interval: '0', engine: 'c' },
    { id: 'c', type: 'docker-engine', host: 'ftp://host' },
  ],
  'docker-engine: an address': [
    { type: 'docker-events-in', engine: 'c' },
    { id: 'c', type: 'docker-engine', host: 'ftp://host' },
  ],
  'docker-events-in: no engine': [{ type: 'docker-events-in' }],
  'docker-logs-in: no engine': [{ type: 'docker-logs-in' }],
  'docker-logs-in: a folder': [
    { type: 'docker-logs-in', engine: 'c', composeDir: 'relative' },
    { id: 'c', type: 'docker-engine', host: '' },
  ],
  'graylog-out: no server': [{ type: 'graylog-out' }],
  'graylog-server: an address': [
    { type: 'graylog-out', server: 'c' },
    { id: 'c', type: 'graylog-server', endpoints: 'htp://x' },
  ],
  'graylog-server: an authorization that is lost': [
    { type: 'graylog-out', server: 'c' },
    { id: 'c', type: 'graylog-server', endpoints: 'http://127.0.0.1:9', hasAuthorization: true },
  ],
  'graylog-server: uploaded certificates that are lost': [
    { type: 'graylog-out', server: 'c' },
    { id: 'c', type: 'graylog-server', endpoints: 'tls://127.0.0.1:9', tls: 't' },
    { id: 't', type: 'tls-config', caname: 'ca.pem' },
  ],
  'docker-engine: uploaded certificates that are lost': [
    { type: 'docker-events-in', engine: 'c' },
    { id: 'c', type: 'docker-engine', host: 'tcp://127.0.0.1:9', tls: 't' },
    { id: 't', type: 'tls-config', caname: 'ca.pem' },
  ],
  'http-check: uploaded certificates that are lost': [
    { type: 'http-check', url: 'https://127.0.0.1:9', interval: '0', tls: 't' },
    { id: 't', type: 'tls-config', caname: 'ca.pem' },
  ],
  'http-check: an address': [{ type: 'http-check', url: 'htp://x', interval: '0' }],
  'uptime: an interval': [{ type: 'uptime', interval: 'often' }],
};

for (const [what, [node, ...others]] of Object.entries(WRONG)) {
  test(`a wrong setting reaches Catch and Status nodes once flows run (${what})`, async (t) => {
    const told: Told[] = [];
    await runFlow(
      t,
      [...nodes, recorder(told)],
      [
        { id: 'f', type: 'tab' },
        { id: 'n', z: 'f', wires: [[], []], ...node },
        ...others,
        { id: 'e', z: 'f', type: 'catch', scope: null, wires: [['r']] },
        { id: 's', z: 'f', type: 'status', scope: null, wires: [['r']] },
        { id: 'r', z: 'f', type: 'recorder' },
      ],
    );
    const hasError = (): boolean => told.some(({ error }) => error?.source.id === 'n');
    const hasStatus = (): boolean =>
      told.some(({ status }) => status?.source.id === 'n' && ['red', 'yellow'].includes(status.fill));
    await until(
      () => hasError() && hasStatus(),
      PATIENCE_MS,
      () => JSON.stringify(told),
    );
    assert.equal(told.filter(({ error }) => error?.source.id === 'n').length, 1);
  });
}
