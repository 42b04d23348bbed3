// The ceiling: reads a file, parses sshd's lines with one regular expression, writes batches on one socket.
// `node plain.js FILE PORT`. It follows nothing, survives nothing and resumes nowhere.
import { createReadStream } from 'node:fs';
import { connect } from 'node:net';

const [file, port] = process.argv.slice(2);
const LINE =
  /^(\S+) (\S+) sshd\[(\d+)\]: (Failed|Accepted) (\S+) for (?:invalid user )?(.*) from (\S+) port (\d+) ssh2$/;
const BATCH = 65_536;

const socket = connect(Number(port), '127.0.0.1');
let batch = '';
let rest = '';
const input = createReadStream(file, { encoding: 'utf8', highWaterMark: 262_144 });

const flush = () => {
  if (!socket.write(batch)) {
    input.pause();
    socket.once('drain', () => input.resume());
  }
  batch = '';
};
input.on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const [, time, host, pid, word, method, user, ip, port] = LINE.exec(line) ?? [];
    if (time === undefined) continue;
    const isFailure = word === 'Failed';
    batch += `${JSON.stringify({
      version: '1.1',
      host,
      short_message: line.slice(line.indexOf(']: ') + 3),
      timestamp: Date.parse(time) / 1000,
      level: isFailure ? 4 : 6,
      _log_type: 'auth',
      _process_id: Number(pid),
      _event_action: isFailure ? 'ssh_login_failed' : 'ssh_login',
      _event_outcome: isFailure ? 'failure' : 'success',
      _auth_method: method,
      _user_name: user,
      _source_ip: ip,
      _source_port: Number(port),
    })}\0`;
    if (batch.length > BATCH) flush();
  }
});
input.on('end', () => {
  flush();
  console.log('sent');
});
