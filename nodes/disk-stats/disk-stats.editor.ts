import type { EditorNodeInstance, EditorNodeProperties, EditorRED } from 'node-red';
import { INTERVAL, isAllowed } from '../../lib/number-field.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import type { Mount } from './mounts.ts';
import { FIELDS } from './settings.ts';

declare const RED: EditorRED;

interface DiskStatsProperties extends EditorNodeProperties {
  interval: string;
  include: string;
  exclude: string;
  warning: string;
  critical: string;
  fullHours: string;
  hysteresis: string;
  changedBy: string;
  deadline: string;
  engine: string;
  sizes: boolean;
}

type OfferedMount = Mount & { usual: boolean };

function entriesOf(field: JQuery): string[] {
  return String(field.val() ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** A tick box that keeps `entry` in the list of the text field. */
function tickBox(field: JQuery, entry: string, title: string): JQuery {
  const box = $('<input type="checkbox" style="width: auto; margin: 0">')
    .attr({ title: `${title} ${entry}`, 'aria-label': `${title} ${entry}` })
    .prop('checked', entriesOf(field).includes(entry));
  return box.on('change', () => {
    const others = entriesOf(field).filter((other) => other !== entry);
    field.val((box.prop('checked') ? [...others, entry] : others).join(', ')).trigger('change');
  });
}

/** The columns of the list of mounts and their widths. */
const COLUMNS = { use: '66px', leave: '66px', mount: 'auto', device: '24%', type: '72px' };
const ONE_LINE = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', padding: '3px 6px' };

function offer(node: EditorNodeInstance<DiskStatsProperties>, mounts: OfferedMount[]): JQuery {
  const text = (key: string): string => node._(`disk-stats.column.${key}`);
  const table = $('<table class="table table-condensed" style="width: 100%; table-layout: fixed; margin: 0">');
  const head = $('<tr>').appendTo($('<thead>').appendTo(table));
  for (const [key, width] of Object.entries(COLUMNS))
    $('<th>')
      .css({ width, ...ONE_LINE, textAlign: 'left' })
      .text(text(key))
      .appendTo(head);
  const body = $('<tbody>').appendTo(table);
  // Each container has one of its own; it lies on a disk that is here, too.
  const worth = mounts.filter(({ mount, fsType }) => fsType !== 'overlay' || mount === '/');
  const usualFirst = worth.sort((a, b) => Number(b.usual) - Number(a.usual));
  for (const { mount, device, fsType, usual } of usualFirst) {
    const row = $('<tr>')
      .toggleClass('disk-stats-usual', usual)
      .css('opacity', usual ? 1 : 0.6)
      .appendTo(body);
    // A comma would end the entry: the pattern for any character stands for it.
    const entry = mount.replaceAll(',', '?');
    row.append($('<td>').append(tickBox($('#node-input-include'), entry, text('use'))));
    row.append($('<td>').append(tickBox($('#node-input-exclude'), entry, text('leave'))));
    for (const value of [mount, device, fsType]) $('<td>').css(ONE_LINE).attr('title', value).text(value).appendTo(row);
  }
  return table;
}

const number = (name: keyof typeof FIELDS) => ({
  value: FIELDS[name].initial,
  validate: (value: unknown) => isAllowed(FIELDS[name], value),
});

RED.nodes.registerType<DiskStatsProperties>('disk-stats', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    interval: {
      value: '60',
      required: true,
      validate: (value) => isAllowed(INTERVAL, value),
    },
    include: { value: '' },
    exclude: { value: '' },
    warning: number('warning'),
    critical: number('critical'),
    fullHours: number('fullHours'),
    hysteresis: number('hysteresis'),
    changedBy: number('changedBy'),
    deadline: number('deadline'),
    engine: { value: '', type: 'docker-engine', required: false },
    sizes: { value: false },
  },
  inputs: 1,
  outputs: 1,
  icon: 'disk-stats.svg',
  paletteLabel() {
    return this._('disk-stats.label.node');
  },
  label() {
    return this.name || this._('disk-stats.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    // A flow from before a property existed has none of it: the field shows what the node does then.
    for (const [name, { initial }] of Object.entries(FIELDS))
      if (Reflect.get(this, name) === undefined) $(`#node-input-${name}`).val(initial);
    const list = $('#disk-stats-mounts');
    $('#disk-stats-load').on('click', () => {
      $.getJSON('infra-monitoring/disk-stats/mounts')
        .done((mounts: OfferedMount[]) => list.empty().append(offer(this, mounts)).show())
        .fail(({ responseJSON }, _status, error) =>
          list.text(`${this._('disk-stats.label.listFailed')} ${responseJSON?.fault ?? error}`).show(),
        );
    });
  },
});
