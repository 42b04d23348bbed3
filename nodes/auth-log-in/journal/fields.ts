/**
 * The fields of an entry that are read: systemd.journal-fields(7). Those that begin with an underscore come from journald
 * and not from who wrote the entry.
 */
export const FIELDS: ReadonlySet<string> = new Set([
  '__CURSOR',
  '__REALTIME_TIMESTAMP',
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_HOSTNAME',
  '_COMM',
  '_PID',
  '_UID',
  '_EXE',
  '_CAP_EFFECTIVE',
  '_SYSTEMD_UNIT',
  '_SYSTEMD_SESSION',
  '_AUDIT_SESSION',
  // systemd-logind says with these which session and which user it speaks of.
  'SESSION_ID',
  'USER_ID',
]);
