// A process that keeps messages for a server that is away and says which of them it has taken over for good:
// `node store-child.ts USER_DIR PORT [FROM]`. It ends when it is killed.
import { once } from 'node:events';
import { openDelivery } from './delivery.ts';
import { gap } from './pace.ts';

const [userDir = '', port = '', from = '0'] = process.argv.slice(2);
const { delivery, storage } = openDelivery({ after: () => undefined }, { url: `tcp://127.0.0.1:${port}`, userDir });

for (let n = Number(from); ; n += 1) {
  const fields = { short_message: `line ${n}`, host: 'child', timestamp: 1_795_000_000, level: 6, n };
  delivery.shipFields(fields, undefined, (error) => {
    if (error === undefined) process.stdout.write(`${n}\n`);
  });
  if (n % 100 !== 0) continue;
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  await gap(2);
  for (const event of storage.splice(0)) process.stdout.write(`storage ${event}\n`);
}
