// Node-RED's own command line, with a server that is closed to other sites, and to everybody where it has no password.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../prepare/clone.js';
import { allowedHosts, guardServer, isLoopback } from './gate.js';
import { keepHealth } from './health.js';
import { NO_PASSWORD, passwordUser } from './password.js';
import { tellSystemd } from './systemd.js';

const program = join(root, 'node_modules/node-red/red.js');
const requireOfNodeRed = createRequire(program);
const RED = requireOfNodeRed('./lib/red.js');

const password = process.env.MONITORING_PASSWORD;
// What runs in a flow has no use for it.
delete process.env.MONITORING_PASSWORD;

const { init } = RED;
// Here the settings are final: the file, `-D` and the defaults are one.
RED.init = (server, settings) => {
  if (!settings.adminAuth && password) {
    settings.adminAuth = { type: 'credentials', users: [passwordUser(requireOfNodeRed('bcryptjs'), password)] };
  }
  if (!settings.adminAuth && settings.httpAdminRoot !== false && !isLoopback(settings.uiHost)) {
    console.error(NO_PASSWORD(settings.uiHost));
    process.exit(1);
  }
  guardServer(server, allowedHosts(process.env.MONITORING_ALLOWED_HOSTS), (words) => RED.log.warn(words));
  tellSystemd(RED.events, process.env);
  const { MONITORING_HEALTH_FILE } = process.env;
  if (MONITORING_HEALTH_FILE) keepHealth(RED.events, settings.userDir, MONITORING_HEALTH_FILE);
  return init(server, settings);
};

process.argv[1] = program;
requireOfNodeRed(program);
