import { alert, all, linkOut, rule, ship, TOLD } from '../nodes.js';

const DOCKER = 'docker-events-in, docker-logs-in';

export const told = {
  id: 'infra0alertgroup',
  column: 'right',
  role: 'told',
  title: 'Who is told — address, severity: in “tell somebody”',
  info: `All alerts arrive here, and go to people and to Graylog.

- The address of **tell somebody** is a field, with a Test button beside it: Slack, Mattermost, Discord, Teams, ntfy, Telegram, or JSON of your own. Blank: the variable \`ALERT_WEBHOOK_URL\`. Without either nobody is told, and its status says so.
- Somebody else, such as those who are on call at night: copy **tell somebody** with its wire, and choose the least severity.
- Quiet: each bell has a button for an hour, and windows in its dialog.
`,
  rows: [
    [
      {
        ...{ part: 'source', id: TOLD, type: 'link in', name: 'alerts', l: true, links: [] },
        to: [['infra00alerthook', 'infra00graylogout']],
      },
      {
        ...{ part: 'people', id: 'infra00alerthook', type: 'notify', name: 'tell somebody', hasInput: true },
        ...{ service: '', chat: '', template: '', leastSeverity: 'notice', collectSeconds: '5', zone: '', tls: '' },
      },
    ],
    [{ ...ship('infra00graylogout'), part: 'alert' }],
  ],
};

const ofNodes = {
  preset: 'node',
  field: 'node_state',
  bad: 'fault',
  good: 'ok, warning',
  each: ['node_name'],
  text: '{{message}}',
};

export const itself = {
  id: 'infra0errorgroup',
  column: 'right',
  role: 'itself',
  title: 'Monitoring itself — rings when a node is red or fails',
  info: `What the nodes of this tab say of themselves.

- **Docker away** rings at once when the engine was there and cannot be reached any more, and holds back what only follows from it.
- **a source is red** rings when any other node is red for 5 minutes: Graylog away, an auth log that cannot be read, people who cannot be told. What **disk stats** and **http check** show in red is what they watch, and rings there.
- **errors** rings for an error that no status shows: records that were dropped, a msg that cannot be used. It is over 10 minutes after the last one.
`,
  rows: [
    [
      {
        ...{ part: 'source', id: 'infra0000status', type: 'status', name: 'status', scope: null },
        to: [['infra000awaybell', 'infra0000redbell']],
      },
      alert(
        'infra000awaybell',
        'Docker away',
        { ...ofNodes, only: all(rule('node_type', 'is-one-of', DOCKER)), severity: 'critical' },
        'infra000awaylink',
      ),
      linkOut('infra000awaylink', 'Docker away'),
    ],
    [
      alert(
        'infra0000redbell',
        'a source is red',
        {
          ...ofNodes,
          only: all(rule('node_type', 'is-none-of', `http-check, disk-stats, ${DOCKER}`)),
          forSeconds: '300',
        },
        'infra0000redlink',
      ),
      linkOut('infra0000redlink', 'statuses'),
    ],
    [
      {
        ...{
          part: 'source',
          id: 'infra00000catch',
          type: 'catch',
          name: 'catch',
          scope: null,
          uncaught: false,
        },
        to: ['infra00errorbell'],
      },
      alert(
        'infra00errorbell',
        'errors',
        {
          kind: 'match',
          preset: 'node',
          // A fault that a status shows rings by that status.
          only: all(rule('error_message', 'is-set'), rule('node_state', 'is-not-set')),
          each: ['node_name'],
          ends: 'after',
          endSeconds: '600',
          text: '{{error_message}}',
        },
        'infra00errlink00',
      ),
      linkOut('infra00errlink00', 'errors'),
    ],
  ],
};
