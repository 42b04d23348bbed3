import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FLOW = 'flows/infrastructure-monitoring.json';
/** A node of the collector that was deployed beside the default flow once. It took HTTP posts from anybody. */
const OLD_COLLECTOR = 'collector000http';

const hash = (text) => createHash('sha256').update(text).digest('hex');

/**
 * Deploys the default flow into a user directory that has no flow. A flow file that is there is replaced only when it is,
 * byte for byte, one that was deployed here before: nobody has touched it. Returns what to tell the user.
 */
export function deployFlows(root, userDir, flowFile) {
  const text = JSON.stringify(JSON.parse(readFileSync(join(root, FLOW), 'utf8')), null, 4);
  const note = join(userDir, 'infra-monitoring/deployed.json');
  for (const path of [note, join(dirname(note), 'previous')]) closeToOthers(path);
  const present = existsSync(flowFile) ? readFileSync(flowFile, 'utf8') : undefined;
  if (present === text) return [];
  if (present !== undefined && hash(present) !== readHash(note)) {
    if (!present.includes(OLD_COLLECTOR)) return [];
    return [
      `${flowFile} is yours and stays as it is. Delete its tab "Collector": nothing uses it, and other sites can post to it.`,
    ];
  }
  mkdirSync(dirname(note), { recursive: true, mode: 0o700 });
  writeFileSync(flowFile, text, { mode: 0o600 });
  writeFileSync(note, JSON.stringify({ sha256: hash(text) }), { mode: 0o600 });
  return [
    present === undefined ? `Deployed the default flow to ${flowFile}` : `Renewed the default flow in ${flowFile}`,
  ];
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

function readHash(note) {
  try {
    return JSON.parse(readFileSync(note, 'utf8')).sha256;
  } catch {
    return undefined;
  }
}
