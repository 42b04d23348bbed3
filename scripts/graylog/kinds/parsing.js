// What parses the lines of others: patterns, rules, pipelines, and which stream a pipeline works on.
import { inParallel } from '../in-parallel.js';
import { isSame } from '../same.js';
import { MARK } from '../sources.js';

/** The stream through which every message comes before the rules of streams are asked. */
export const DEFAULT_STREAM = '000000000000000000000001';
const PATTERN_MARK = 'INFRA_';
const CONNECTIONS = '/system/pipelines/connections';

export const pattern = {
  name: 'pattern',
  async list(graylog) {
    const { patterns } = await graylog.get('/system/grok');
    return patterns
      .filter(({ name }) => name.startsWith(PATTERN_MARK))
      .map(({ id, name, pattern: text }) => ({ key: name, id, body: { name, pattern: text } }));
  },
  create: async (graylog, body) => (await graylog.post('/system/grok', body)).id,
  /** All at once: Graylog looks at them together, and takes all or none. Resolves to their ids by name. */
  async createMany(graylog, wanted) {
    const patterns = wanted.map(({ body }) => body);
    await graylog.put('/system/grok?import-strategy=ABORT_ON_CONFLICT', { patterns });
    return new Map((await pattern.list(graylog)).map(({ key, id }) => [key, id]));
  },
  update: (graylog, id, body) => graylog.put(`/system/grok/${id}`, { id, ...body }),
  remove: (graylog, id) => graylog.delete(`/system/grok/${id}`),
};

/** Rules and pipelines are kept the same way. */
function sourced(name, path) {
  return {
    name,
    async list(graylog) {
      const all = await graylog.get(path);
      return all
        .filter(({ title }) => title.startsWith(MARK))
        .map(({ id, title, description, source }) => ({ key: title, id, body: { title, description, source } }));
    },
    create: async (graylog, body) => (await graylog.post(path, body)).id,
    update: (graylog, id, body) => graylog.put(`${path}/${id}`, { id, ...body }),
    remove: (graylog, id) => graylog.delete(`${path}/${id}`),
    isSame: (present, wanted) => isSame(present, { title: wanted.title, source: wanted.source }),
  };
}

const RULES = '/system/pipelines/rule';

export const rule = {
  ...sourced('rule', RULES),
  /** Half of the threads on which Graylog reads rules. */
  atOnce: 16,
  /** Hundreds, one by one, would take minutes. Resolves to their ids by title; makes all or, where one is refused, none. */
  async createMany(graylog, wanted) {
    const made = new Map();
    try {
      await inParallel(wanted, async ({ key, body }) => {
        made.set(key, (await graylog.post(RULES, body)).id);
      });
    } catch (error) {
      await inParallel([...made.values()], (id) => graylog.delete(`${RULES}/${id}`));
      throw error;
    }
    return made;
  },
};
export const pipeline = sourced('pipeline', '/system/pipelines/pipeline');

/** A stream's list of pipelines is written as a whole: others' stay in it. */
export const connection = {
  name: 'connection',
  async list(graylog) {
    const [connections, pipelines] = [await graylog.get(CONNECTIONS), await pipeline.list(graylog)];
    const onAll = connections.find(({ stream_id }) => stream_id === DEFAULT_STREAM)?.pipeline_ids ?? [];
    return pipelines
      .filter(({ id }) => onAll.includes(id))
      .map(({ key, id }) => ({
        ...{ key, id: `${DEFAULT_STREAM} ${id}` },
        body: { stream_id: DEFAULT_STREAM, pipeline_id: id },
      }));
  },
  async create(graylog, body) {
    await connect(graylog, body, (ids) => [...ids, body.pipeline_id]);
    return `${body.stream_id} ${body.pipeline_id}`;
  },
  /** All at once: Graylog reads all rules for each request. */
  async createMany(graylog, wanted) {
    const connected = new Set(wanted.map(({ body }) => body.pipeline_id));
    await connect(graylog, wanted[0].body, (ids) => [...ids.filter((id) => !connected.has(id)), ...connected]);
    return new Map(wanted.map(({ key, body }) => [key, `${body.stream_id} ${body.pipeline_id}`]));
  },
  async update(graylog, _id, body, present) {
    await connection.remove(graylog, undefined, present);
    await connection.create(graylog, body);
  },
  remove: (graylog, _id, { body }) => connect(graylog, body, (ids) => ids),
};

async function connect(graylog, { stream_id, pipeline_id }, change) {
  const connections = await graylog.get(CONNECTIONS);
  const others = connections.find((one) => one.stream_id === stream_id)?.pipeline_ids ?? [];
  const pipeline_ids = change(others.filter((id) => id !== pipeline_id));
  await graylog.post(`${CONNECTIONS}/to_stream`, { stream_id, pipeline_ids });
}
