// What is known of a flow before a host takes it.

/** Variables that may be unset: the nodes then have a default of their own. */
const OPTIONAL = new Set(
  `LOGGING_PORT LOGGING_PORT_DOCKER_EVENTS LOGGING_PORT_DOCKER_LOGS LOGGING_PORT_AUTH_LOG LOGGING_PORT_SYSTEM_STATS
LOGGING_PORT_HTTP_CHECKS LOGGING_FIELDS MONITORED_HOST DOCKER_HOST DOCKER_COMPOSE_DIR AUTH_LOG HOST_ROOT HTTP_CHECK_URL PING_URL
ALERT_WEBHOOK_URL`.split(/\s+/),
);
const PLACEHOLDER = /^\$\{([^}]+)\}$/;

/** The nodes in the text of a flow file. Throws a sentence where it is none, or holds a secret, which has no place in Git. */
export function readFlow(text) {
  let nodes;
  try {
    nodes = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON: ${error.message}`);
  }
  const isNode = (node) => typeof node?.id === 'string' && typeof node.type === 'string';
  if (!Array.isArray(nodes) || nodes.length === 0 || !nodes.every(isNode)) throw new Error('it is no list of nodes');
  const twice = nodes.find(({ id }, i) => nodes.findIndex((node) => node.id === id) !== i);
  if (twice !== undefined) throw new Error(`two nodes have the id ${twice.id}: the merge of two flows`);
  const secret = nodes.find(({ credentials }) => credentials !== undefined);
  if (secret !== undefined) throw new Error(`${nameOf(secret)} has credentials in it: take a variable instead`);
  return nodes;
}

/** The variables that a flow needs, and that neither it nor the environment sets. `LOGGING_URL` is one of them. */
export function unsetVariables(nodes, environment) {
  const isSet = (name) => Boolean(environment[name]?.trim() || environment[`${name}_FILE`]?.trim());
  const own = new Set(nodes.flatMap(({ env }) => (Array.isArray(env) ? env.map(({ name }) => name) : [])));
  const named = new Set(nodes.flatMap((node) => [...placeholders(node)]));
  return [...named].filter((name) => !own.has(name) && !OPTIONAL.has(name) && !isKnown(name) && !isSet(name)).sort();
}

/** Node-RED's own: they have a value in each node. */
const isKnown = (name) => /^NR_(NODE|GROUP|FLOW|SUBFLOW)_/.test(name);

/** Node-RED replaces a placeholder only where it is the whole text. */
function* placeholders(value) {
  if (typeof value === 'string') {
    const [, name] = PLACEHOLDER.exec(value) ?? [];
    if (name !== undefined) yield name;
  } else if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) yield* placeholders(one);
  }
}

/** The types of a flow that a host does not have. `sets` is what `GET /nodes` answers. A subflow is its own type. */
export function missingTypes(nodes, sets) {
  const present = new Set(sets.filter(({ enabled, err }) => enabled && !err).flatMap(({ types }) => types));
  const isThere = (type) => present.has(type) || /^(tab|group|subflow|subflow:.*|junction|global-config)$/.test(type);
  return [...new Set(nodes.map(({ type }) => type))].filter((type) => !isThere(type)).sort();
}

/** What two flows differ in, as the names of nodes. */
export function differences(before, next) {
  const texts = new Map(before.map((node) => [node.id, JSON.stringify(node)]));
  const ids = new Set(next.map(({ id }) => id));
  const changed = next.filter((node) => texts.get(node.id) !== JSON.stringify(node));
  return [...changed, ...before.filter(({ id }) => !ids.has(id))].map(nameOf);
}

function nameOf({ id, type, name, label }) {
  return `${type} "${name || label || id}"`;
}
