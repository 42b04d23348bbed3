// What syslog-ng does of the same: follows the file, parses sshd's lines by one regular expression, sends GELF over TCP.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from './measure.js';

/** Whether it is installed. */
export function hasSyslogNg() {
  try {
    execFileSync('syslog-ng', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const PATTERN =
  '^(?<word>Failed|Accepted) (?<method>\\\\S+) for (?:invalid user )?(?<user>.*) from (?<ip>\\\\S+) port (?<port>\\\\d+) ssh2$';
const DOCUMENT = [
  'version=1.1',
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: syslog-ng's macros
  'host=${HOST}',
  'short_message=${MESSAGE}',
  'timestamp=double(${S_UNIXTIME}.${S_MSEC})',
  'level=int(${LEVEL_NUM})',
  '_log_type=auth',
  '_process_id=int(${PID})',
  '_event_action=${.ssh.word}',
  '_auth_method=${.ssh.method}',
  '_user_name=${.ssh.user}',
  '_source_ip=${.ssh.ip}',
  '_source_port=int(${.ssh.port})',
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: syslog-ng's macros
].join(' ');

/** Starts it in a folder of its own. Its defaults fetch 10 lines at a time: these are those of a tuned one. */
export function startSyslogNg(folder, file, port) {
  const own = mkdtempSync(join(folder, 'syslog-ng-'));
  const template = `$(format-json ${DOCUMENT})$(binary 0x00)`;
  writeFileSync(
    join(own, 'syslog-ng.conf'),
    `@version: 3.38
options { keep-hostname(yes); use-dns(no); dns-cache(no); stats-freq(0); };
source s { file("${file}" follow-freq(1) log-fetch-limit(10000) log-iw-size(100000)); };
parser p { regexp-parser(patterns("${PATTERN}") prefix(".ssh.") template("\${MESSAGE}")); };
destination d {
  network("127.0.0.1" port(${port}) transport("tcp") template("${template}") flush-lines(1000) log-fifo-size(200000));
};
log { source(s); parser(p); destination(d); flags(flow-control); };
`,
  );
  const [config, persist, pid, control] = ['syslog-ng.conf', 'persist', 'pid', 'control'].map((name) =>
    join(own, name),
  );
  return start('syslog-ng', ['-F', '--no-caps', '-f', config, '-R', persist, '-p', pid, '-c', control]);
}
