import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hindrance, nodesIn, noteOf, othersBesideUntouched } from './untouched.js';

const FLOW = 'flows/infrastructure-monitoring.json';
const PLUGIN = 'dist/plugins/default-flow';
/** A node of the collector that was deployed beside the default flow once. It took HTTP posts from anybody. */
const OLD_COLLECTOR = 'collector000http';
/** The default flow in the form in which it is deployed and was deployed before. */
const textOf = (nodes) => JSON.stringify(nodes, null, 4);

/**
 * Deploys the default flow into a user directory that has no flow. One that is there is renewed only where it is as it was
 * deployed here before: nobody has touched it. What an operator has beside it stays. Resolves to what to tell the user. The
 * built package has the versions and what changed with each.
 */
export async function deployFlows(root, userDir, flowFile) {
  const versions = await import(pathToFileURL(join(root, PLUGIN, 'flow-version.js')).href);
  const next = JSON.parse(readFileSync(join(root, FLOW), 'utf8'));
  const noteFile = join(userDir, 'infra-monitoring/deployed.json');
  for (const path of [noteFile, join(dirname(noteFile), 'previous')]) closeToOthers(path);
  const changes = changesOf(root, versions);
  const deploy = (others) => {
    const nodes = [...next, ...others];
    mkdirSync(dirname(noteFile), { recursive: true, mode: 0o700 });
    writeWhole(flowFile, textOf(nodes));
    writeWhole(noteFile, JSON.stringify(noteOf(textOf(nodes), next, versionIn(next, versions))));
  };

  if (!existsSync(flowFile)) {
    deploy([]);
    return [`Deployed the default flow to ${flowFile}`];
  }
  const present = readFileSync(flowFile, 'utf8');
  if (present === textOf(next)) return [];
  const note = readNote(noteFile);
  const nodes = nodesIn(present) ?? [];
  const others = othersBesideUntouched(present, note);
  if (others === undefined) return kept(flowFile, present, nodes, versions, changes);
  const otherIds = new Set(others.map(({ id }) => id));
  const old = nodes.filter(({ id }) => !otherIds.has(id));
  if (note.nodes !== undefined && note.nodes === noteOf('', next).nodes) return [];
  const reason = hindrance(others, old, next, hasCredentials(flowFile));
  if (reason !== undefined)
    return [
      `A newer default flow is there, but ${flowFile} stays as it is: ${reason}. Import it from Import, Examples.`,
      ...changes(versionIn(old, versions)),
    ];
  deploy(others);
  return [`Renewed the default flow in ${flowFile}`, ...changes(versionIn(old, versions))];
}

/** What is said of a flow that was changed by hand: it stays as it is. */
function kept(flowFile, present, nodes, { defaultFlows, FLOW_VERSION }, changes) {
  const said = [];
  const found = defaultFlows(nodes).map(({ version }) => version);
  if (found.length > 0 && Math.max(...found) < FLOW_VERSION) {
    const version = Math.min(...found);
    said.push(
      `${flowFile} was changed by hand and stays as it is: version ${version} of the default flow. Version ${FLOW_VERSION} is in the editor under Import, Examples.`,
      ...changes(version),
    );
  }
  if (present.includes(OLD_COLLECTOR))
    said.push(
      `${flowFile} is yours and stays as it is. Delete its tab "Collector": nothing uses it, and other sites can post to it.`,
    );
  return said;
}

/** The version of the default flow among some nodes; 1 where it has no mark. */
function versionIn(nodes, { defaultFlows }) {
  return defaultFlows(nodes)[0]?.version ?? 1;
}

/** A function that gives what changed since a version, a line for each. */
function changesOf(root, { versionsSince }) {
  const file = join(root, PLUGIN, 'locales/en-US/default-flow.json');
  const { change } = JSON.parse(readFileSync(file, 'utf8'))['default-flow'];
  return (version) => versionsSince(version).map((one) => `  ${change[one]}`);
}

/** Whether Node-RED keeps secrets beside the flow file. */
function hasCredentials(flowFile) {
  const extension = extname(flowFile);
  const file = join(dirname(flowFile), `${basename(flowFile, extension)}_cred${extension}`);
  try {
    return Object.keys(JSON.parse(readFileSync(file, 'utf8'))).length > 0;
  } catch {
    return existsSync(file);
  }
}

/** After a crash the old or the new content is there. A link stays one. */
function writeWhole(path, text) {
  const target = existsSync(path) ? realpathSync(path) : path;
  writeFileSync(`${target}.tmp`, text, { mode: 0o600 });
  try {
    renameSync(`${target}.tmp`, target);
  } catch {
    // A file that is mounted by itself cannot be replaced.
    rmSync(`${target}.tmp`, { force: true });
    writeFileSync(target, text);
  }
}

/** Takes from others what an older version gave them. */
function closeToOthers(path) {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) chmodSync(path, mode & 0o700);
  } catch {
    // It is not there, or somebody else's.
  }
}

/** What was noted at the last deploy; undefined where there is nothing that can be read. */
function readNote(path) {
  try {
    const note = JSON.parse(readFileSync(path, 'utf8'));
    return typeof note === 'object' && note !== null ? note : undefined;
  } catch {
    return undefined;
  }
}
