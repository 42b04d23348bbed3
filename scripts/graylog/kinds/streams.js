// A stream for each kind of record.
import { MARK } from '../sources.js';

export const stream = {
  name: 'stream',
  /** One that is not known any more may be the operator's, by a title like ours. */
  keepsUnknown: true,
  async list(graylog) {
    const { streams } = await graylog.get('/streams');
    return streams
      .filter(({ title }) => title.startsWith(MARK))
      .map(({ id, title, description, matching_type, remove_matches_from_default_stream, index_set_id, rules }) => ({
        key: title,
        id,
        body: {
          ...{ title, description, matching_type, remove_matches_from_default_stream, index_set_id },
          rules: rules.map(({ field, type, value, inverted }) => ({ field, type, value, inverted })),
        },
        ruleIds: rules.map((rule) => rule.id),
      }));
  },
  async create(graylog, body) {
    const { stream_id } = await graylog.post('/streams', {
      ...body,
      rules: body.rules.map((rule) => ({ ...rule, description: '' })),
    });
    try {
      await graylog.post(`/streams/${stream_id}/resume`);
    } catch (error) {
      await stream.remove(graylog, stream_id);
      throw error;
    }
    return stream_id;
  },
  /** What the body leaves out, Graylog empties. The rules are things of their own. */
  async update(graylog, id, { rules, ...body }, present) {
    await graylog.put(`/streams/${id}`, body);
    if (JSON.stringify(present.body.rules) === JSON.stringify(rules)) return;
    for (const rule of rules) await graylog.post(`/streams/${id}/rules`, { ...rule, description: '' });
    for (const ruleId of present.ruleIds) await graylog.delete(`/streams/${id}/rules/${ruleId}`);
  },
  remove: (graylog, id) => graylog.delete(`/streams/${id}`),
};
