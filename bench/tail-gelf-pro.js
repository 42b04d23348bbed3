// The way a Node-RED user would wire it without this package: `tail` for the file, `gelf-pro` for the sending.
// `node tail-gelf-pro.js FILE PORT`
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Tail } = require('tail');
const gelf = require('gelf-pro');

const [file, port] = process.argv.slice(2);
const LINE = /sshd\[(\d+)\]: (Failed|Accepted) (\S+) for (?:invalid user )?(.*) from (\S+) port (\d+) ssh2$/;

gelf.setConfig({ adapterName: 'tcp', adapterOptions: { host: '127.0.0.1', port: Number(port) } });
const waiting = [];
let open = 0;

// A connection for every message: unbounded, a few thousand of them would end the run at the system's limit.
const next = () => {
  while (open < 64 && waiting.length > 0) {
    const line = waiting.shift();
    const [, pid, word, method, user, ip, port] = LINE.exec(line) ?? [];
    open += 1;
    gelf.message(line, word === 'Failed' ? 4 : 6, { pid, method, user, ip, port }, () => {
      open -= 1;
      next();
    });
  }
};
new Tail(file, { fromBeginning: true }).on('line', (line) => {
  waiting.push(line);
  next();
});
