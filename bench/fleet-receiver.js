// A GELF TCP input that can be killed: `node fleet-receiver.js PORT FILE [ADDRESS]`. What it has read is in FILE before it hangs
// up: a line `r SENDER N MS` for each record, by its host and `_n`, and `c MS` for each connection; ms since the epoch.
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';

const [port, file, address = '127.0.0.1'] = process.argv.slice(2);
const BACKLOG = 4_096;
const out = openSync(file, 'a');
const RECORD = /"host":"([^"]*)".*"_n":(\d+)/;

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let rest = '';
  writeSync(out, `c ${Date.now()}\n`);
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const documents = (rest + data).split('\0');
    rest = documents.pop();
    const ms = Date.now();
    const lines = documents.map((text) => RECORD.exec(text)).filter(Boolean);
    if (lines.length > 0) writeSync(out, lines.map(([, host, n]) => `r ${host} ${n} ${ms}\n`).join(''));
  });
  socket.on('end', () => socket.end());
});
server.listen({ port: Number(port), host: address, backlog: BACKLOG }, () => console.log('ready'));
