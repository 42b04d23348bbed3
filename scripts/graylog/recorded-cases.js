// What is recorded, in this order: each case begins with what the one before has left.
import { MARK } from './sources.js';

/** Two rules that stand for all, so that a recording is no copy of them. */
const RULES = ['10 one', '20 two'].map((name) => ({
  path: `rules/${name}.rule`,
  title: `${MARK}${name}`,
  source: `rule "${MARK}${name}"\nwhen has_field("infra_monitoring_nowhere")\nthen\n  set_field("infra_monitoring_name", "${name}");\nend\n`,
}));
const PIPELINE = {
  path: 'pipelines/raw.pipeline',
  title: `${MARK}raw`,
  source: `pipeline "${MARK}raw"\nstage 0 match pass\nrule "${RULES[0].title}";\nstage 1 match pass\nrule "${RULES[1].title}";\nend\n`,
};
const PATTERNS = [
  { name: 'INFRA_ONE', pattern: 'one' },
  { name: 'INFRA_TWO', pattern: '%{INFRA_ONE} two' },
];

/** Some of each kind are enough to see what is asked. Rules have a recording of their own. */
const ENOUGH = {
  dashboards: ['alerts', 'filters'],
  eventDefinitions: ['alert', 'host-silent'],
  inputs: ['docker-events', 'gelf-tcp'],
};

/** The sources with few things of each kind. */
export function smallSources(sources) {
  const some = (kind) => [kind, sources[kind].filter(({ name }) => ENOUGH[kind].includes(name))];
  return {
    ...sources,
    ...Object.fromEntries(Object.keys(ENOUGH).map(some)),
    ...{ patterns: PATTERNS, rules: RULES, pipelines: [PIPELINE] },
  };
}

/** What a newer version may bring: other words, another limit, a rule and a pattern less, another one more. */
function newerSources(sources) {
  const [dashboard, ...dashboards] = sources.dashboards;
  const [stream, ...streams] = sources.streams;
  const [event, ...events] = sources.eventDefinitions;
  const [pattern] = sources.patterns;
  const [rule] = sources.rules;
  const [pipeline] = sources.pipelines;
  return {
    ...sources,
    dashboards: [{ ...dashboard, summary: 'newer' }, ...dashboards],
    streams: [{ ...stream, description: 'newer' }, ...streams],
    eventDefinitions: [{ ...event, priority: 'low' }, ...events],
    patterns: [
      { ...pattern, pattern: 'newer' },
      { name: 'INFRA_THREE', pattern: 'three' },
    ],
    rules: [{ ...rule, source: rule.source.replace('_nowhere', '_newer') }],
    pipelines: [{ ...pipeline, source: pipeline.source.replace(/stage 1 [^;]*;\n/, '') }],
  };
}

/** A rule that Graylog does not understand, on its third line. */
function brokenSources(sources) {
  const [first, ...others] = sources.rules;
  return { ...sources, rules: [{ ...first, source: first.source.replace('set_field', 'set_nothing') }, ...others] };
}

const to =
  (command, ...options) =>
  (address) => [command, address, ...options];
const WEBHOOK = ['--set', 'WEBHOOK_URL=http://127.0.0.1:18099/events'];

/**
 * `words(address)`: what is typed. `change(sources)`: other sources; `env(reader)`: other credentials; `needs`: what must be
 * there.
 */
export const CASES = [
  { name: 'wrong-password', words: to('install'), env: () => ({ GRAYLOG_PASSWORD: 'wrong' }) },
  { name: 'wrong-token', words: to('install'), env: () => ({ GRAYLOG_TOKEN: 'wrong' }) },
  {
    ...{ name: 'no-rights', words: to('install'), needs: 'reader' },
    env: ({ user, password }) => ({ GRAYLOG_USER: user, GRAYLOG_PASSWORD: password }),
  },
  { name: 'rule-refused', words: to('install'), change: brokenSources },
  { name: 'port-of-an-input', words: to('install'), needs: 'a foreign input' },
  { name: 'pack-installed', words: to('install'), needs: 'the pack' },
  { name: 'dry-run', words: to('install', '--dry-run') },
  { name: 'port-of-a-program', words: to('install'), needs: 'a foreign listener' },
  { name: 'install', words: to('install', ...WEBHOOK) },
  { name: 'install-again', words: to('install') },
  { name: 'status', words: to('status') },
  { name: 'upgrade', words: to('install'), change: newerSources },
  { name: 'status-of-an-older', words: to('status') },
  { name: 'other-settings', words: to('install', '--set', 'PORT_DOCKER_EVENTS=9097', '--set', 'WEBHOOK_URL=') },
  { name: 'uninstall-dry-run', words: to('uninstall', '--dry-run') },
  { name: 'uninstall', words: to('uninstall') },
  { name: 'uninstall-with-data', words: to('uninstall', '--delete-data') },
  { name: 'uninstall-nothing', words: to('uninstall') },
];
