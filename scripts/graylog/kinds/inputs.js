// Where Graylog listens.
import { MARK } from '../sources.js';

const INPUTS = '/system/inputs';
/** The static field of ours. Others on the same input are the operator's. */
const OWN_FIELDS = ['log_type'];
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
  async create(graylog, { static_fields, ...body }) {
    const { id } = await graylog.post(INPUTS, body);
    try {
      await untilRunning(graylog, id, body.title);
      await whileStopped(graylog, { id, title: body.title }, () => setFields(graylog, id, {}, static_fields));
    } catch (error) {
      await graylog.delete(`${INPUTS}/${id}`);
      throw error;
    }
    return id;
  },
  async update(graylog, id, { static_fields, ...body }, present) {
    await whileStopped(graylog, { id, title: body.title }, async () => {
      await graylog.put(`${INPUTS}/${id}`, body);
      await setFields(graylog, id, present.body.static_fields, static_fields);
    });
  },
  remove: (graylog, id) => graylog.delete(`${INPUTS}/${id}`),
};

/** All inputs of a Graylog, others' too. */
export async function readInputs(graylog) {
  const { inputs } = await graylog.get(INPUTS);
  return inputs.map(({ id, title, type, global, node, attributes, static_fields }) => ({
    ...{ key: title, id },
    body: { title, type, global, node, configuration: plainOf(attributes), static_fields },
  }));
}

/** A secret is shown as an object, which Graylog does not take back. */
function plainOf(attributes) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => typeof value !== 'object'));
}

/** Graylog starts a running input anew at each change, and two changes at once leave one that takes nothing. */
async function whileStopped(graylog, { id, title }, change) {
  await graylog.delete(`${STATES}/${id}`);
  const isGone = (states) => states.every(({ state }) => state !== 'RUNNING' && state !== 'STARTING');
  await untilState(graylog, id, isGone, `The input "${title}" does not stop`);
  await change();
  await graylog.put(`${STATES}/${id}`, {});
  await untilRunning(graylog, id, title);
}

async function setFields(graylog, id, present, wanted) {
  for (const key of OWN_FIELDS) {
    if (present[key] !== undefined && wanted[key] === undefined)
      await graylog.delete(`${INPUTS}/${id}/staticfields/${key}`);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (present[key] !== value) await graylog.post(`${INPUTS}/${id}/staticfields`, { key, value });
  }
}

/** Waits until an input runs on every node that has it. Throws where it failed, or does not run in time. */
async function untilRunning(graylog, id, title) {
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
