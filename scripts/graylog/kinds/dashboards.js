// Dashboards: Graylog makes them under an id of ours.
import { createHash } from 'node:crypto';
import { isFixedId } from '../ids.js';
import { isSame } from '../same.js';

export const dashboard = {
  name: 'dashboard',
  async list(graylog) {
    const { elements } = await graylog.get('/dashboards?per_page=1000');
    const ours = elements.filter(({ id }) => isFixedId(id));
    const views = await Promise.all(ours.map(({ id }) => graylog.get(`/views/${id}`)));
    return views.map(({ id, title, summary, description, state, search_id }) => ({
      ...{ key: id, title, id },
      body: { title, summary, description, state: inOrder(state), search_id },
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
    isSame(present, { ...wanted, state: inOrder(wanted.state) }) && present.search_id === searchIdOf(queries),
  remove: (graylog, id) => graylog.delete(`/views/${id}`),
};

/** Graylog keeps the widgets of a page and the searches of a widget in no order. */
function inOrder(state) {
  const byId = (a, b) => (a.id < b.id ? -1 : 1);
  const pageInOrder = ({ widgets, widget_mapping, ...page }) => ({
    ...page,
    widgets: widgets.map(withFieldsInOrder).sort(byId),
    widget_mapping: Object.fromEntries(Object.entries(widget_mapping).map(([id, ids]) => [id, [...ids].sort()])),
  });
  return Object.fromEntries(Object.entries(state).map(([id, page]) => [id, pageInOrder(page)]));
}

/** The fields of a list of events are a set as well; those of other widgets are in the order of their columns. */
function withFieldsInOrder(widget) {
  if (widget.type !== 'events') return widget;
  return { ...widget, config: { ...widget.config, fields: [...widget.config.fields].sort() } };
}

/** A search cannot be changed: another one has another id. `queries` is absent in one that was read, which has its search. */
async function viewOf(graylog, { queries, search_id, ...body }) {
  const id = search_id ?? searchIdOf(queries);
  if (queries !== undefined) await graylog.post('/views/search', { id, queries, parameters: [] });
  return { ...body, type: 'DASHBOARD', search_id: id, properties: [], requires: {} };
}

function searchIdOf(queries) {
  return createHash('sha256').update(JSON.stringify(queries)).digest('hex').slice(0, 24);
}
