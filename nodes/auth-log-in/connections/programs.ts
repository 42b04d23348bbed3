/** The programs of which one process serves one connection, or one use. */

export interface Program {
  /** The same for all programs that log one connection. */
  readonly family: string;
  /** Whether the lines of one process belong to one connection. False for a daemon that serves many at once. */
  readonly isOnePerProcess: boolean;
  /** Whether several processes log one connection, each with the client's address and port. */
  readonly hasManyProcesses: boolean;
  /** Whether a client names its user before it is asked for anything, and may leave then. */
  readonly isSsh: boolean;
}

const SSHD: Program = { family: 'sshd', isOnePerProcess: true, hasManyProcesses: true, isSsh: true };

function onePerProcess(family: string): [string, Program] {
  return [family, { family, isOnePerProcess: true, hasManyProcesses: false, isSsh: false }];
}

function alias(name: string, of: string): [string, Program] {
  return [name, onePerProcess(of)[1]];
}

const PROGRAMS = new Map<string, Program>([
  ['sshd', SSHD],
  ['sshd-session', SSHD],
  ['sshd-auth', SSHD],
  ['dropbear', { ...onePerProcess('dropbear')[1], isSsh: true }],
  ...['tinysshd', 'internal-sftp', 'sftp-server'].map(onePerProcess),
  ...['su', 'runuser', 'sudo', 'doas', 'pkexec', 'polkit-agent-helper-1', 'login', 'CRON'].map(onePerProcess),
  alias('su-l', 'su'),
  alias('runuser-l', 'runuser'),
  alias('sudo-i', 'sudo'),
  alias('sudo-rs', 'sudo'),
  ...['vsftpd', 'proftpd', 'pure-ftpd', 'ftpd', 'in.ftpd', 'telnetd', 'in.telnetd'].map(onePerProcess),
  ...['klogind', 'rlogind', 'in.rlogind', 'rshd', 'in.rshd'].map(onePerProcess),
  ...['gdm', 'gdm-password', 'gdm-binary', 'lightdm', 'sddm-helper', 'cockpit-session'].map(onePerProcess),
  ...['useradd', 'usermod', 'userdel', 'groupadd', 'groupmod', 'groupdel', 'passwd', 'chpasswd'].map(onePerProcess),
  ...['chage', 'gpasswd', 'chsh', 'chfn', 'newusers', 'groupmems', 'chgpasswd'].map(onePerProcess),
]);

/** What is known of the program, by the name in the record. Undefined for one of which the processes say nothing. */
export function programOf(name: string): Program | undefined {
  return PROGRAMS.get(name);
}

/** Any other program that asks PAM: one process of it may serve many. */
export function daemon(name: string): Program {
  return { family: name, isOnePerProcess: false, hasManyProcesses: false, isSsh: false };
}
