import { alert, all, any, ENGINE, linkOut, rule, ship, source } from '../nodes.js';

/** A source that measures each minute speaks by itself: that it does not is a fault, which no record can tell. */
const silent = (logType) => ({
  kind: 'absence',
  only: all(rule('log_type', 'is', logType)),
  silentSeconds: '300',
  expected: logType,
  each: ['log_type'],
});

const hostItself = {
  id: 'infra0uptimegrp',
  column: 'left',
  edges: { alert: 270, ship: 334, link: 480 },
  role: 'watched',
  title: 'Host — memory, load, reboot; the limits are in the bells',
  info: `Uptime, load, CPU, memory, swap and users, once a minute.

- How often: a field of **uptime**.
- **memory nearly full** rings when more than 90 % are used for 5 minutes, and is over below 85 %.
- **load high** rings when the load of each core is above 2 for 5 minutes, and is over below 1.5.
- **rebooted** rings after each start of the host, and is over after 10 minutes.
- **uptime silent** rings when **uptime** has said nothing for 5 minutes.
`,
  rows: [
    [
      source('infra000000uptime', 'uptime', 'uptime', { interval: '60' }, [
        ['infra00hostship0', 'infra00hostmemor', 'infra000hostload', 'infra000hostboot', 'infra00hostquiet'],
      ]),
      ship('infra00hostship0'),
    ],
    [
      alert(
        'infra00hostmemor',
        'memory nearly full',
        { kind: 'limit', field: 'memory_used_percent', limit: '90', end: '85', forSeconds: '300' },
        'infra000hostlink',
      ),
      linkOut('infra000hostlink', 'host'),
    ],
    [alert('infra00hostquiet', 'uptime silent', silent('uptime'), 'infra000hostlink')],
    [
      alert(
        'infra000hostload',
        'load high',
        {
          kind: 'limit',
          field: 'load_per_core_1m',
          limit: '2',
          end: '1.5',
          forSeconds: '300',
          severity: 'warning',
        },
        'infra000hostlink',
      ),
    ],
    [
      alert(
        'infra000hostboot',
        'rebooted',
        {
          kind: 'match',
          only: all(rule('event_action', 'is', 'reboot')),
          ends: 'after',
          endSeconds: '600',
          severity: 'warning',
          text: '{{message}}',
        },
        'infra000hostlink',
      ),
    ],
  ],
};

const disks = {
  id: 'infra00diskgroup',
  column: 'right',
  edges: { source: 615 },
  role: 'watched',
  title: 'Disks — the limits are in “disk stats”, the bell follows',
  info: `Every real filesystem, once a minute.

- Which filesystems, from which use a disk is a warning or critical, and how soon it may be full: fields of **disk stats**.
- **disk nearly full** rings when **disk stats** calls a filesystem critical (90 % used, or full within a day at the pace of the last hours) or missing, and is over when it is called ok or a warning again. A container's overlay lies on one of the disks, and rings with that one only.
- **disk stats silent** rings when **disk stats** has said nothing for 5 minutes.
`,
  rows: [
    [
      alert(
        'infra000diskfull',
        'disk nearly full',
        {
          preset: 'disk',
          only: any(rule('disk_fs_type', 'is-not', 'overlay', true), rule('disk_mount', 'is', '/')),
          each: ['disk_mount'],
          field: 'disk_state',
          bad: 'critical, missing',
          good: 'ok, warning',
          text: '{{message}}',
        },
        'infra00diskalert',
      ),
      linkOut('infra00diskalert', 'disks'),
    ],
    [
      source(
        'infra00000disks',
        'disk-stats',
        'disk stats',
        {
          ...{ interval: '60', include: '', exclude: '', warning: '80', critical: '90', fullHours: '24' },
          ...{ hysteresis: '2', changedBy: '0', deadline: '5', engine: ENGINE, sizes: false },
        },
        [['infra00diskship0', 'infra000diskfull', 'infra00diskquiet']],
      ),
      ship('infra00diskship0'),
    ],
    [
      alert('infra00diskquiet', 'disk stats silent', silent('disk'), 'infra00diskmuted'),
      linkOut('infra00diskmuted', 'disk stats'),
    ],
  ],
};

export const host = [hostItself, disks];
