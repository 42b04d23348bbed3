// `npm run bench [-- PART …]`: what speed and memory are, as ratios against a reference in the same run.
import { prepare } from './prepare.js';

const PARTS = {
  chain: async ([lines]) => (await import('./bench/chain.js')).benchChain(lines && Number(lines)),
  delivery: async ([seconds]) => (await import('./bench/delivery.js')).benchDelivery(seconds && Number(seconds)),
  latency: async ([lines]) => (await import('./bench/latency.js')).benchLatency(lines && Number(lines)),
  docker: async (words) => (await import('./bench/docker.js')).benchDocker(...words.map(Number)),
};

await prepare();
const [part = 'chain', ...words] = process.argv.slice(2);
if (PARTS[part] === undefined) {
  console.error(`bench: no part ${part}; there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(1);
}
await PARTS[part](words);
process.exit(0);
