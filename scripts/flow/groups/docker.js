import { alert, all, any, ENGINE, filter, linkOut, rule, ship, source } from '../nodes.js';

/** What monitors ask for, in the access logs of nginx, Apache and those that print alike. */
const HEALTH_PATH =
  '"(?:GET|HEAD) /(?:-/)?(?:health|healthz|healthy|health-?check|livez?|liveness|ready|readyz?|readiness|ping)(?:/[a-z]{1,20})?/?(?:\\?[^ "]{0,200})? HTTP/[0-9.]{1,3}" 2[0-9]{2} ';
/** The monitors of load balancers and clusters, where they were answered well. */
const HEALTH_AGENT = '" 2[0-9]{2} .{0,300}"(?:ELB-HealthChecker|GoogleHC|kube-probe|Consul Health Check)';

// biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
const COMPOSE = '${DOCKER_COMPOSE_DIR}';

const AWAY = 'Docker away';

export const docker = {
  id: 'infra0eventgroup',
  column: 'left',
  role: 'watched',
  title: 'Docker — containers: in the blue nodes; lines: in the filter',
  info: `What happens to containers, and every line that they print.

- Which engine: the variable \`DOCKER_HOST\`, else the socket \`/var/run/docker.sock\`. With \`DOCKER_COMPOSE_DIR\` only the containers of that project.
- Which events (types, actions, names, labels): fields of **docker events**. Which containers, which streams, stack traces as one record, JSON lines: fields of **docker logs**.
- **container failed** rings when a container dies by itself with an exit code, runs out of memory or becomes unhealthy, and is over when it is started, stopped, removed or healthy. What somebody stops rings nobody.
- **crash loop** rings when a container dies by itself, or one of a pod is started again, 5 times in 10 minutes.
- Both are held back while "${AWAY}" rings: what becomes of the containers is no news then.
- **no probes** leaves out the lines of an access log that health checks cause, where they were answered well. Its status says how many lines passed; once a minute a record says how many did not. Add rows for lines that you do not want.

A rule of your own: copy a bell with its wires. One on lines is wired to **docker logs** itself, not to the filter.
`,
  rows: [
    [
      source(
        'infra0dockevents',
        'docker-events-in',
        'docker events',
        {
          engine: ENGINE,
          types: '',
          actions: '',
          include: '',
          labels: '',
          project: '',
          composeDir: COMPOSE,
          exec: false,
        },
        [['infra0eventship0', 'infra0eventfails', 'infra00eventloop']],
      ),
      ship('infra0eventship0'),
    ],
    [
      alert(
        'infra0eventfails',
        'container failed',
        {
          kind: 'match',
          // Level 3 is what died by itself or ran out of memory.
          only: any(rule('level', 'at-most', '3'), rule('health_status', 'is', 'unhealthy')),
          each: ['container_name'],
          ends: 'record',
          endRules: any(
            rule('event_action', 'is-one-of', 'start, stop, destroy'),
            rule('health_status', 'is', 'healthy'),
          ),
          heldBy: AWAY,
          text: '{{message}}',
        },
        'infra00eventlink',
      ),
    ],
    [
      alert(
        'infra00eventloop',
        'crash loop',
        {
          kind: 'count',
          // Of a pod's container only the start is told, at level 4 where it is not the first; one of Docker's has level 6.
          only: all(rule('event_action', 'is-one-of', 'die, start'), rule('level', 'at-most', '4')),
          each: ['container_name'],
          threshold: '5',
          windowSeconds: '600',
          endSeconds: '600',
          heldBy: AWAY,
        },
        'infra00eventlink',
      ),
      linkOut('infra00eventlink', 'docker events'),
    ],
    [
      source(
        'infra00dockerlog',
        'docker-logs-in',
        'docker logs',
        {
          ...{ engine: ENGINE, include: '', exclude: '', images: '', labels: '', project: '', composeDir: COMPOSE },
          ...{ from: 'now', multiline: '', multilineMs: '500', json: false, streams: 'both', rules: [] },
        },
        ['infra00logfilter'],
      ),
      filter(
        'infra00logfilter',
        'no probes',
        any(rule('message', 'matches', HEALTH_PATH), rule('message', 'matches', HEALTH_AGENT)),
        'infra000logship0',
      ),
      ship('infra000logship0'),
    ],
  ],
};
