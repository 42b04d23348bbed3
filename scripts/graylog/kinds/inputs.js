// Where Graylog listens.
import { MARK } from '../sources.js';

const INPUTS = '/system/inputs';
const STATES = '/cluster/inputstates';
const STATE_DEADLINE_MS = 30_000;
const PAUSE_MS = 100;

export const input = {
  name: 'input',
  /** One that is not known any more may be the operator's, by a title like ours. */
  keepsUnknown: true,
  async list(graylog) {
    return (await readInputs(graylog)).filter(({ key }) => key.startsWith(MARK));
  },
  async create(graylog, body) {
    const { id } = await graylog.post(INPUTS, body);
    try {
      await untilRunning(graylog, id, body.title);
    } catch (error) {
      await graylog.delete(`${INPUTS}/${id}`);
      throw error;
    }
    return id;
  },
  /** One that was stopped by hand stays stopped. */
  async update(graylog, id, body) {
    const isStopped = (await readStates(graylog, [id])).length === 0;
    await graylog.put(`${INPUTS}/${id}`, body);
    if (!isStopped) await untilRunning(graylog, id, body.title);
  },
  remove: (graylog, id) => graylog.delete(`${INPUTS}/${id}`),
};

/** All inputs of a Graylog, others' too. */
export async function readInputs(graylog) {
  const { inputs } = await graylog.get(INPUTS);
  return inputs.map(({ id, title, type, global, node, attributes }) => ({
    ...{ key: title, id },
    body: { title, type, global, node, configuration: plainOf(attributes) },
  }));
}

/** A secret is shown as an object, which Graylog does not take back. */
function plainOf(attributes) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => typeof value !== 'object'));
}

/** Waits until an input runs on every node that has it. Throws where it failed, or does not run in time. */
export async function untilRunning(graylog, id, title) {
  const runs = (states) => {
    checkStarted(states);
    return states.length > 0 && states.every(({ state }) => state === 'RUNNING');
  };
  await untilState(graylog, id, runs, `The input "${title}" does not run`);
}

/** Throws where one of these could not start. */
export function checkStarted(states) {
  const failed = states.find(({ state }) => state === 'FAILED');
  if (failed !== undefined) throw new Error(`The input "${failed.title}" does not start: ${failed.reason}`);
}

async function untilState(graylog, id, isSo, fault) {
  for (const endMs = Date.now() + STATE_DEADLINE_MS; ; ) {
    if (isSo(await readStates(graylog, [id]))) return;
    if (Date.now() > endMs) throw new Error(`${fault} within ${STATE_DEADLINE_MS / 1000} s: look at System, Inputs`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The states of some inputs on every node: `{ id, title, state, reason }`. */
export async function readStates(graylog, ids) {
  const nodes = await graylog.get(STATES);
  return Object.values(nodes)
    .flatMap((states) => states ?? [])
    .filter(({ id }) => ids.includes(id))
    .map(({ id, state, message_input, detailed_message }) => ({
      ...{ id, state, title: message_input.title, reason: detailed_message ?? 'Graylog does not say why' },
    }));
}
