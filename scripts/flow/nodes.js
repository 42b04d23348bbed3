/** The nodes of the default flow with all their properties, as the editor would save them. */

export const TAB = 'infra0000000tab';
export const SERVER = 'infra000graylog';
export const ENGINE = 'infra0000docker';
/** Where the alerts of all groups arrive. */
export const TOLD = 'infra0alertlink';

/** A rule in a row of a dialog. `orAbsent`: a denial also fits a record without the field. */
export const rule = (field, operator, value = '', orAbsent = false) => ({ field, operator, value, orAbsent });
export const all = (...rules) => ({ mode: 'all', rules });
export const any = (...rules) => ({ mode: 'any', rules });

/** `to` has for each output the id or the ids of what it is wired to. */
export const source = (id, type, name, properties, to) => ({
  ...{ part: 'source', id, type, name, hasInput: TIMED.includes(type) },
  ...properties,
  to,
});
/** Sources that also measure when a msg comes. */
const TIMED = ['disk-stats', 'uptime', 'http-check'];

export const ship = (id) => ({
  ...{ part: 'ship', id, type: 'graylog-out', name: 'graylog', hasInput: true },
  ...{ server: SERVER, port: '', fields: '' },
});

/** Drops what fits the rules. */
export const filter = (id, name, rules, to) => ({
  ...{ part: 'filter', id, type: 'record-filter', name, hasInput: true },
  ...{ action: 'drop', rules, atMost: '', per: '1', perUnit: 's', each: '' },
  to: [to, []],
});

const ALERT = {
  ...{ kind: 'state', preset: '', only: all(), each: [], orNone: false },
  ...{ field: '', bad: '', good: '', critical: '' },
  ...{ startOperator: 'above', limit: '', end: '', forSeconds: '0', forSamples: '0' },
  ...{ counts: 'records', countField: '', threshold: '5', windowSeconds: '60', endSeconds: '300' },
  ...{ ends: 'after', endRules: all() },
  ...{ silentSeconds: '300', expected: '', forgetHours: '24', activeFrom: '', activeTo: '', activeDays: [] },
  ...{ heldBy: '', severity: 'error', text: '', remindMinutes: '240' },
  ...{ floodMessages: '10', floodMinutes: '10', silences: [] },
};

/** `rings` is what differs from a new alert. */
export const alert = (id, name, rings, link) => ({
  ...{ part: 'alert', id, type: 'alert', name, hasInput: true },
  ...structuredClone(ALERT),
  ...rings,
  to: [link],
});

/** The way of a group's alerts to whoever is told. */
export const linkOut = (id, from) => ({
  ...{ part: 'link', id, type: 'link out', name: `${from} → who is told`, hasInput: true },
  ...{ mode: 'link', links: [TOLD] },
});

export const tab = (info) => ({
  ...{
    id: TAB,
    type: 'tab',
    label: 'Monitoring',
    disabled: false,
    info,
    env: [{ name: 'MONITORING_FLOW', value: '2', type: 'str' }],
  },
});

export const configNodes = [
  {
    ...{ id: SERVER, type: 'graylog-server', name: '' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    ...{ endpoints: '${LOGGING_URL}', port: '${LOGGING_PORT}', host: '${MONITORED_HOST}', tls: '' },
    ...{ compression: 'gzip', chunkBytes: '1420', bufferMegabytes: '32', overflow: 'oldest', diskMegabytes: '1024' },
    ...{ maxAgeHours: '168', replaySeconds: '5', confirmSeconds: '3', renewMinutes: '0', bulk: false, gzip: false },
  },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
  { id: ENGINE, type: 'docker-engine', name: '', host: '${DOCKER_HOST}', tls: '' },
];
