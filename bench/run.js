// `npm run bench [-- PART …]`: what speed and memory are, as ratios against a reference in the same run.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepare } from '../scripts/prepare/prepare.js';

const HTTP_CHECK = fileURLToPath(new URL('http-check.js', import.meta.url));
const ALERT = fileURLToPath(new URL('run-alert.js', import.meta.url));

const PARTS = {
  chain: async ([lines]) => (await import('./chain.js')).benchChain(lines && Number(lines)),
  delivery: async ([seconds]) => (await import('./delivery.js')).benchDelivery(seconds && Number(seconds)),
  latency: async ([lines]) => (await import('./latency.js')).benchLatency(lines && Number(lines)),
  idle: async ([seconds]) => (await import('./idle.js')).benchIdle(seconds && Number(seconds)),
  'auth-parse': async ([lines]) => (await import('./auth-parse.js')).benchParse(lines && Number(lines)),
  filter: async ([records]) => (await import('./filter.js')).benchFilter(records && Number(records)),
  ring: async ([records]) => (await import('./ring.js')).benchRing(records && Number(records)),
  page: async (words) => (await import('./page.js')).benchPage(...words.map(Number)),
  relay: async ([records, word]) => (await import('./relay.js')).benchRelay(records && Number(records), word),
  fleet: async (words) => (await import('./fleet.js')).benchFleet(...words),
  // It starts itself again as the server that it measures against.
  'http-check': (words) => execFileSync(process.execPath, [HTTP_CHECK, ...words], { stdio: 'inherit' }),
  // What is left after a collection can be measured only in a process that may ask for one.
  alert: (words) => execFileSync(process.execPath, ['--expose-gc', ALERT, ...words], { stdio: 'inherit' }),
  pods: async (words) => (await import('./pods.js')).benchPods(...words.map(Number)),
  docker: async (words) => (await import('./docker.js')).benchDocker(...words.map(Number)),
};

await prepare();
const [part = 'chain', ...words] = process.argv.slice(2);
if (PARTS[part] === undefined) {
  console.error(`bench: no part ${part}; there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(1);
}
await PARTS[part](words);
process.exit(0);
