// Where Graylog listens.
import { MARK } from '../sources.js';

const INPUTS = '/system/inputs';
/** Static fields of ours. Others on the same input are the operator's. */
const OWN_FIELDS = ['log_type', 'time_zone'];
const RUNNING_DEADLINE_MS = 30_000;
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
      await setFields(graylog, { id, title: body.title }, {}, static_fields);
    } catch (error) {
      await graylog.delete(`${INPUTS}/${id}`);
      throw error;
    }
    return id;
  },
  /** A change of the rest closes every connection: where only fields differ, they alone are set. */
  async update(graylog, id, { static_fields, ...body }, present) {
    const isOther = Object.entries(body.configuration).some(([key, value]) => present.body.configuration[key] !== value);
    if (isOther || present.body.title !== body.title) {
      await graylog.put(`${INPUTS}/${id}`, body);
      await untilRunning(graylog, id, body.title);
    }
    await setFields(graylog, { id, title: body.title }, present.body.static_fields, static_fields);
  },
  remove: (graylog, id) => graylog.delete(`${INPUTS}/${id}`),
};

/** All inputs of a Graylog, others' too. */
export async function readInputs(graylog) {
  const { inputs } = await graylog.get(INPUTS);
  return inputs.map(({ id, title, type, global, node, attributes, static_fields }) => ({
    ...{ key: title, id },
    body: { title, type, global, node, configuration: attributes, static_fields },
  }));
}

/** Each change starts the input anew, and only one that runs: so one after the other. */
async function setFields(graylog, { id, title }, present, wanted) {
  for (const key of OWN_FIELDS) {
    if (present[key] === undefined || wanted[key] !== undefined) continue;
    await graylog.delete(`${INPUTS}/${id}/staticfields/${key}`);
    await untilRunning(graylog, id, title);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (present[key] === value) continue;
    await graylog.post(`${INPUTS}/${id}/staticfields`, { key, value });
    await untilRunning(graylog, id, title);
  }
}

/** Waits until an input runs on every node that has it. Throws where it failed, or does not run in time. */
export async function untilRunning(graylog, id, title) {
  for (const endMs = Date.now() + RUNNING_DEADLINE_MS; ; ) {
    const states = await readStates(graylog, [id]);
    const failed = states.find(({ state }) => state === 'FAILED');
    if (failed !== undefined) throw new Error(`The input "${title}" does not start: ${failed.reason}`);
    if (states.length > 0 && states.every(({ state }) => state === 'RUNNING')) return;
    if (Date.now() > endMs)
      throw new Error(`The input "${title}" does not run after ${RUNNING_DEADLINE_MS / 1000} s: look at System, Inputs`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The states of some inputs on every node: `{ id, title, state, reason }`. */
export async function readStates(graylog, ids) {
  const nodes = await graylog.get('/cluster/inputstates');
  return Object.values(nodes)
    .flatMap((states) => states ?? [])
    .filter(({ id }) => ids.includes(id))
    .map(({ id, state, message_input, detailed_message }) => ({
      ...{ id, state, title: message_input.title, reason: detailed_message ?? 'Graylog does not say why' },
    }));
}
