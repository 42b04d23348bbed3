// A GELF TCP input that only counts: `node receiver.js`. Writes its port, and a line for each `count` that was asked for.
import { createServer } from 'node:net';

const wanted = Number(process.argv[2]);
let count = 0;
let firstMs;
let last = Buffer.alloc(0);

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    firstMs ??= performance.now();
    for (let at = data.indexOf(0); at !== -1; at = data.indexOf(0, at + 1)) count += 1;
    last = data;
    if (count < wanted) return;
    console.log(`done ${count} ${((performance.now() - firstMs) / 1000).toFixed(3)} at ${Date.now()}`);
    const end = last.lastIndexOf(0, last.length - 2) + 1;
    if (end > 0) console.log(`last ${last.toString('utf8', end, last.length - 1)}`);
    count = -Infinity;
  });
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
