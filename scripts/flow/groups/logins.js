import { alert, all, filter, linkOut, rule, ship, source } from '../nodes.js';

export const logins = {
  id: 'infra00authgroup',
  column: 'left',
  role: 'watched',
  title: 'Logins — SSH, sudo, su; the limit is in “password guessing”',
  info: `Logins and all else that the auth log has.

- Which file: the variable \`AUTH_LOG\`, else \`/var/log/auth.log\`, \`/var/log/secure\` or the systemd journal.
- Which lines are read (all, only failures, only SSH, some programs): fields of **auth log**.
- **no cron jobs** leaves out the sessions that cron opens and closes for its jobs; those that fail pass. Its status says how many passed; once a minute a record says how many did not.
- **password guessing** adds up the failed logins of each address: 5 in a minute ring, 5 minutes without are the end.
- **root logged in** rings once for each address, and is over 15 minutes after the last login.

The bells are wired to **auth log** itself: the filter changes only what Graylog gets.
`,
  rows: [
    [
      source(
        'infra0000authlog',
        'auth-log-in',
        'auth log',
        {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
          ...{ file: '${AUTH_LOG}', start: 'checkpoint', archive: '', zone: '', include: '', exclude: '' },
          ...{ onlyFailures: false, onlySsh: false, rawLine: false },
        },
        [['infra0authfilter', 'infra00authguess', 'infra000authroot']],
      ),
      filter(
        'infra0authfilter',
        'no cron jobs',
        all(rule('event_action', 'is', 'cron_session'), rule('event_outcome', 'is', 'success')),
        'infra00authship0',
      ),
      ship('infra00authship0'),
    ],
    [
      alert(
        'infra00authguess',
        'password guessing',
        {
          kind: 'count',
          each: ['source_ip'],
          counts: 'sum',
          countField: 'login_failures',
          threshold: '5',
          windowSeconds: '60',
          endSeconds: '300',
          severity: 'warning',
        },
        'infra000authlink',
      ),
      linkOut('infra000authlink', 'logins'),
    ],
    [
      alert(
        'infra000authroot',
        'root logged in',
        {
          kind: 'match',
          only: all(
            rule('event_action', 'is-one-of', 'ssh_login, login'),
            rule('user_name', 'is', 'root'),
            rule('event_outcome', 'is', 'success'),
          ),
          each: ['source_ip'],
          orNone: true,
          ends: 'after',
          endSeconds: '900',
          severity: 'warning',
          text: '{{message}}',
        },
        'infra000authlink',
      ),
    ],
  ],
};
