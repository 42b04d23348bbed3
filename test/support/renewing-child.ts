// A process that sends a message every few milliseconds and reconnects every 1.2 s: `node renewing-child.ts USER_DIR URL`.
// It ends when it is killed.
import { openDelivery } from './delivery.ts';
import { gap } from './pace.ts';

const [userDir = '', url = ''] = process.argv.slice(2);
const config = { renewMinutes: String(1_200 / 60_000) };
const { ship } = openDelivery({ after: () => undefined }, { url, userDir, config });

for (let n = 0; ; n += 1) {
  await ship(n, n + 1);
  await gap(5);
}
