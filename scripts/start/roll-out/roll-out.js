import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { noteOf, othersBesideUntouched } from '../untouched.js';
import { differences, missingTypes, readFlow, unsetVariables } from './judge.js';

const LOOK_MS = 500;

/**
 * Deploys the flow in the text of a file on the Node-RED of `admin`, where it may, and puts back what was there before where the
 * new one does not start. Resolves to one sentence on what was done. Throws one where nothing was changed, or the old flow is
 * back. `takeOver` gives up what was changed by hand.
 */
export async function rollOut(admin, text, userDir, environment, { takeOver = false, deadlineMs = 90_000 } = {}) {
  const next = readFlow(text);
  const unset = unsetVariables(next, environment);
  if (unset.length > 0) throw new Error(`variables of it are not set on this host: ${unset.join(', ')}`);
  const missing = missingTypes(next, await admin.nodeSets());
  if (missing.length > 0)
    throw new Error(`this host lacks the nodes ${missing.join(', ')}: install their package first`);

  const { flows: before, rev } = await admin.flows();
  const folder = join(userDir, 'infra-monitoring/rolled-out');
  if (isSame(before, next)) {
    keep(folder, 'last.json', { rev, flows: before });
    return `revision ${shown(rev)} is there already`;
  }
  const last = kept(folder, 'last.json');
  const mayGo = takeOver || last?.rev === rev || isAsDeployed(userDir, before);
  if (!mayGo) throw new Error(changedByHand(last, before));
  // The way back needs both.
  keep(folder, 'before.json', { rev, flows: before });

  const deployed = await deploy(admin, next, rev);
  if (await starts(admin, deadlineMs)) {
    keep(folder, 'last.json', { rev: deployed, flows: next });
    return `revision ${shown(deployed)} runs, before it was ${shown(rev)}`;
  }
  const back = await deploy(admin, before, deployed);
  keep(folder, 'last.json', { rev: back, flows: before });
  throw new Error(`the new flow did not start within ${deadlineMs / 1000} s: revision ${shown(back)} is back`);
}

/** A connection that broke before the answer tells nothing: what is there then does. */
async function deploy(admin, flows, rev) {
  let answer;
  try {
    answer = await admin.deploy(flows, rev);
  } catch (error) {
    const now = await admin.flows();
    if (!isSame(now.flows, flows)) throw new Error(`it was not taken: ${error.message}`);
    return now.rev;
  }
  if (answer === 'conflict') throw new Error('somebody deploys on this host at this moment: try again');
  return answer;
}

/** Node-RED answers once a flow is saved, which is before it starts. */
async function starts(admin, deadlineMs) {
  const endMs = Date.now() + deadlineMs;
  while (Date.now() < endMs) {
    if ((await admin.state().catch(() => undefined)) === 'start') return true;
    await wait(LOOK_MS);
  }
  return false;
}

/** The default flow, as `npm start` or the service has deployed it, is nobody's own. */
function isAsDeployed(userDir, nodes) {
  const note = kept(join(userDir, 'infra-monitoring'), 'deployed.json');
  return othersBesideUntouched(JSON.stringify(nodes), note)?.length === 0;
}

const isSame = (one, other) => noteOf('', one).nodes === noteOf('', other).nodes;
const shown = (rev) => rev.slice(0, 8);

function changedByHand(last, before) {
  const advice = 'commit what is to stay, then roll out with --take-over';
  if (last === undefined) return `no flow was rolled out to this host before: ${advice}`;
  const names = differences(last.flows, before);
  return `the flow was changed by hand on this host${names.length > 0 ? `: ${names.slice(0, 5).join(', ')}` : ''}; ${advice}`;
}

function keep(folder, name, value) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${name}.tmp`), JSON.stringify(value), { mode: 0o600 });
  renameSync(join(folder, `${name}.tmp`), join(folder, name));
}

function kept(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch {
    return undefined;
  }
}
