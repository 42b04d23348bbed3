// `npm test [-- files and folders]`: installs and builds what is needed, then runs every check on the Node 24 of the devDependencies.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';

await prepare();

// What is set for this host's own monitoring must not reach the flows under test; neither must an outer test runner.
const settings =
  /^(LOGGING_(URL|PORT.*)|MONITORED_HOST|DOCKER_COMPOSE_DIR|AUTH_LOG|HOST_ROOT|HTTP_CHECK_URL|ALERT_WEBHOOK_URL)$/;
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !settings.test(name) && name !== 'NODE_TEST_CONTEXT'),
);
const child = spawn(node, [fileURLToPath(new URL('test/run.js', import.meta.url)), ...process.argv.slice(2)], {
  stdio: 'inherit',
  // The tests read English.
  env: { ...env, LC_ALL: 'C.UTF-8' },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
