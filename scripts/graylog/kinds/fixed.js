// What Graylog makes under an id of ours: event definitions and dashboards.
import { createHash } from 'node:crypto';
import { isFixedId } from '../ids.js';
import { isSame } from '../same.js';

export const eventDefinition = {
  name: 'event definition',
  async list(graylog) {
    const { event_definitions } = await graylog.get('/events/definitions?per_page=1000');
    return event_definitions
      .filter(({ id }) => isFixedId(id))
      .map(({ id, title, description, priority, alert, config, field_spec, key_spec, state, ...rest }) => ({
        ...{ key: id, title, id },
        body: {
          ...{ title, description, priority, alert, config, field_spec, key_spec },
          ...{
            notification_settings: rest.notification_settings,
            notifications: rest.notifications.map(({ notification_id }) => ({ notification_id })),
            storage: rest.storage,
          },
        },
        isScheduled: state !== 'DISABLED',
      }));
  },
  async create(graylog, { id, ...body }) {
    await graylog.post('/events/definitions?schedule=true', { id, ...body });
    return id;
  },
  /** One that was switched off by hand stays off. */
  update: (graylog, id, body, present) =>
    graylog.put(`/events/definitions/${id}?schedule=${present.isScheduled}`, { ...body, id }),
  isSame: (present, { id: _, ...wanted }) => isSame(present, wanted),
  remove: (graylog, id) => graylog.delete(`/events/definitions/${id}`),
};

export const dashboard = {
  name: 'dashboard',
  async list(graylog) {
    const { elements } = await graylog.get('/dashboards?per_page=1000');
    const ours = elements.filter(({ id }) => isFixedId(id));
    const views = await Promise.all(ours.map(({ id }) => graylog.get(`/views/${id}`)));
    return views.map(({ id, title, summary, description, state, search_id }) => ({
      ...{ key: id, title, id },
      body: { title, summary, description, state, search_id },
    }));
  },
  async create(graylog, body) {
    await graylog.post('/views', await viewOf(graylog, body));
    return body.id;
  },
  async update(graylog, id, body) {
    await graylog.put(`/views/${id}`, await viewOf(graylog, { ...body, id }));
  },
  isSame: (present, { id: _, queries, ...wanted }) =>
    isSame(present, wanted) && present.search_id === searchIdOf(queries),
  remove: (graylog, id) => graylog.delete(`/views/${id}`),
};

/** A search cannot be changed: another one has another id. `queries` is absent in one that was read, which has its search. */
async function viewOf(graylog, { queries, search_id, ...body }) {
  const id = search_id ?? searchIdOf(queries);
  if (queries !== undefined) await graylog.post('/views/search', { id, queries, parameters: [] });
  return { ...body, type: 'DASHBOARD', search_id: id, properties: [], requires: {} };
}

function searchIdOf(queries) {
  return createHash('sha256').update(JSON.stringify(queries)).digest('hex').slice(0, 24);
}
