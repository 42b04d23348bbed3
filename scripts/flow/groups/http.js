import { alert, all, linkOut, rule, ship, source } from '../nodes.js';

export const http = {
  id: 'infra00httpgroup',
  column: 'right',
  below: 'infra00authgroup',
  edges: { source: 615 },
  role: 'watched',
  title: 'HTTP endpoints — one “http check” each, with its wires',
  info: `Asks an endpoint once a minute: response time, code, body, certificate.

- Which endpoint: the variable \`HTTP_CHECK_URL\`, else Node-RED's own page. For one of yours copy **node-red** with its wires, and give it a name and a URL: both bells serve all, and ring for each.
- What is down: after how many failures, which codes and texts count, from how many ms an answer is too slow (5000): fields of the check.
- **endpoint down** follows what the check says: down, or too slow too often, and up again.
- **certificate ends** rings 14 days before.
`,
  rows: [
    [
      alert(
        'infra000httpdown',
        'endpoint down',
        { preset: 'http', each: ['check_name'], field: 'check_state', bad: 'down', good: 'up', text: '{{message}}' },
        'infra00httpalert',
      ),
      linkOut('infra00httpalert', 'endpoints'),
    ],
    [
      source(
        'infra00000http',
        'http-check',
        'node-red',
        {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
          ...{ checkName: 'node-red', url: '${HTTP_CHECK_URL}', method: 'GET', interval: '60', timeout: '10' },
          ...{ accept: '200-399', retries: '2', maxTime: '5000' },
        },
        [['infra00httpship0', 'infra000httpdown', 'infra000httpcert'], []],
      ),
      ship('infra00httpship0'),
    ],
    [
      alert(
        'infra000httpcert',
        'certificate ends',
        {
          kind: 'limit',
          // An endpoint without TLS has none, and lacks nothing.
          only: all(rule('tls_days_left', 'is-set')),
          field: 'tls_days_left',
          startOperator: 'below',
          limit: '14',
          each: ['check_name'],
          severity: 'warning',
          remindMinutes: '1440',
        },
        'infra000certlink',
      ),
      linkOut('infra000certlink', 'certificates'),
    ],
  ],
};
