// What rings, and who is told: the address that Graylog may post to, and the notification that posts.
import { MARK } from '../sources.js';

const ENTRY_ID = 'infra-monitoring-webhook';
/** Its name until 6.3, and since 7.0. */
const LISTS = ['/system/urlallowlist', '/system/urlwhitelist'];

export const allowedAddress = {
  name: 'allowed address',
  async list(graylog) {
    const { entries } = (await readList(graylog)).list;
    return entries
      .filter(({ id }) => id === ENTRY_ID)
      .map(({ id, value, title, type }) => ({ key: id, id, body: { id, value, title, type } }));
  },
  async create(graylog, body) {
    await change(graylog, (others) => [...others, body]);
    return body.id;
  },
  update: (graylog, _id, body) => change(graylog, (others) => [...others, body]),
  remove: (graylog) => change(graylog, (others) => others),
};

/** The entry for an address. */
export function allowedEntry(url) {
  return { id: ENTRY_ID, value: url, title: 'Infrastructure monitoring: webhook', type: 'literal' };
}

async function readList(graylog) {
  try {
    return { path: LISTS[0], list: await graylog.get(LISTS[0]) };
  } catch (error) {
    if (error.status !== 404) throw error;
    return { path: LISTS[1], list: await graylog.get(LISTS[1]) };
  }
}

async function change(graylog, entriesOf) {
  const { path, list } = await readList(graylog);
  const others = list.entries.filter(({ id }) => id !== ENTRY_ID);
  await graylog.put(path, { ...list, entries: entriesOf(others) });
}

export const notification = {
  name: 'notification',
  async list(graylog) {
    const { notifications } = await graylog.get('/events/notifications?per_page=1000');
    return notifications
      .filter(({ title }) => title.startsWith(MARK))
      .map(({ id, title, description, config }) => ({ key: title, id, body: { title, description, config } }));
  },
  create: async (graylog, body) => (await graylog.post('/events/notifications', body)).id,
  update: (graylog, id, body) => graylog.put(`/events/notifications/${id}`, { id, ...body }),
  remove: (graylog, id) => graylog.delete(`/events/notifications/${id}`),
};

/** One posted with an id of ours would be answered and not be there: it is known by its title. */
export const eventDefinition = {
  name: 'event definition',
  keepsUnknown: true,
  async list(graylog) {
    const { event_definitions } = await graylog.get('/events/definitions?per_page=1000');
    return event_definitions
      .filter(({ title }) => title.startsWith(MARK))
      .map(({ id, title, description, priority, alert, config, field_spec, key_spec, state, ...rest }) => ({
        ...{ key: title, id },
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
  create: async (graylog, body) => (await graylog.post('/events/definitions?schedule=true', body)).id,
  /** One that was switched off by hand stays off. */
  update: (graylog, id, body, present) =>
    graylog.put(`/events/definitions/${id}?schedule=${present.isScheduled}`, { id, ...body }),
  remove: (graylog, id) => graylog.delete(`/events/definitions/${id}`),
};
