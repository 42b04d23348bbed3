// Where the messages lie: the types of fields that have fractions, and an index set of their own.
import { isSame } from '../same.js';
import { MARK } from '../sources.js';

const PROFILES = '/system/indices/index_sets/profiles';
const SETS = '/system/indices/index_sets';
/** By it an index set is known. */
export const INDEX_PREFIX = 'infra_monitoring';
const UP_DEADLINE_MS = 30_000;
const PAUSE_MS = 500;

export const fieldProfile = {
  name: 'field profile',
  /** It belongs to the index set. */
  holdsData: true,
  async list(graylog) {
    const all = await graylog.get(`${PROFILES}/all`);
    const ours = all.filter(({ name }) => name.startsWith(MARK));
    const found = await Promise.all(ours.map(({ id }) => graylog.get(`${PROFILES}/${id}`)));
    return found.map(({ id, name, description, custom_field_mappings }) => ({
      key: name,
      id,
      body: { name, description, custom_field_mappings: sorted(custom_field_mappings) },
    }));
  },
  async create(graylog, body) {
    return (await graylog.post(PROFILES, body)).id;
  },
  async update(graylog, id, body) {
    await graylog.put(PROFILES, { id, ...body });
    await applyProfile(graylog, id);
  },
  remove: (graylog, id) => graylog.delete(`${PROFILES}/${id}`),
};

/** The order in which Graylog answers is no difference. */
function sorted(mappings) {
  return [...mappings].sort((a, b) => (a.field < b.field ? -1 : 1)).map(({ field, type }) => ({ field, type }));
}

/** A changed profile counts from the next index on: the sets that have it get one. */
async function applyProfile(graylog, id) {
  const { index_sets } = await graylog.get(SETS);
  const using = index_sets.filter(({ field_type_profile }) => field_type_profile === id).map((set) => set.id);
  if (using.length > 0)
    await graylog.put('/system/indices/mappings/set_profile', { index_sets: using, profile_id: id, rotate: true });
}

export const indexSet = {
  name: 'index set',
  /** It goes on demand only. */
  holdsData: true,
  async list(graylog) {
    const { index_sets } = await graylog.get(SETS);
    const ours = index_sets.filter((set) => set.index_prefix === INDEX_PREFIX);
    return ours.map((set) => ({
      key: set.index_prefix,
      id: set.id,
      body: { index_prefix: set.index_prefix, field_type_profile: set.field_type_profile },
    }));
  },
  /** The first index is there at once, with the profile: what a stream writes before would make a wrong one. */
  async create(graylog, { title, description, field_type_profile }) {
    const { index_sets } = await graylog.get(SETS);
    const { id: _, default: __, can_be_default: ___, ...settings } = index_sets.find((set) => set.default);
    const { id } = await graylog.post(SETS, {
      ...settings,
      ...{
        title,
        description,
        index_prefix: INDEX_PREFIX,
        field_type_profile,
        creation_date: new Date().toISOString(),
      },
    });
    try {
      await untilUp(graylog, id);
    } catch (error) {
      await indexSet.remove(graylog, id);
      throw error;
    }
    return id;
  },
  /** How long messages are kept is the operator's: only the profile is ours. */
  update: (graylog, id, { field_type_profile }) =>
    field_type_profile === null
      ? graylog.put('/system/indices/mappings/remove_profile_from', { index_sets: [id], rotate: true })
      : graylog.put('/system/indices/mappings/set_profile', {
          ...{ index_sets: [id], profile_id: field_type_profile, rotate: true },
        }),
  isSame: (present, wanted) => isSame(present, { field_type_profile: wanted.field_type_profile }),
  remove: (graylog, id) => graylog.delete(`${SETS}/${id}?delete_indices=true`),
};

/** Asks for the first index. A node of Graylog learns of a new set a moment later: until then there is none (404). */
async function untilUp(graylog, id) {
  for (const endMs = Date.now() + UP_DEADLINE_MS; ; ) {
    if (await isCycled(graylog, id)) return;
    if (Date.now() > endMs) throw new Error('The index set gets no index: is Graylog connected with its database?');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function isCycled(graylog, id) {
  try {
    const { is_up, current_target } = await graylog.get(`/system/deflector/${id}`);
    if (is_up && current_target) return true;
    await graylog.post(`/system/deflector/${id}/cycle`);
  } catch (error) {
    if (error.status !== 404) throw error;
  }
  return false;
}
