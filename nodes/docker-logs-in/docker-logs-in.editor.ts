import type { EditorNodeProperties, EditorRED } from 'node-red';
import { offerChoices } from '../../lib/docker/choices.editor.ts';
import { isFolder } from '../../lib/docker/filter.ts';
import { isAllowed } from '../../lib/number-field.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { isPattern } from './pattern.ts';
import { fillRules, readRules } from './rules.editor.ts';
import { type LogRule, parseRules } from './rules.ts';
import { MULTILINE_MS } from './settings.ts';

declare const RED: EditorRED;

interface DockerLogsProperties extends EditorNodeProperties {
  engine: string;
  include: string;
  exclude: string;
  images: string;
  labels: string;
  project: string;
  composeDir: string;
  from: string;
  multiline: string;
  multilineMs: string;
  json: boolean;
  streams: string;
  rules: LogRule[];
}

RED.nodes.registerType<DockerLogsProperties>('docker-logs-in', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    engine: { value: '', type: 'docker-engine', required: true },
    include: { value: '' },
    exclude: { value: '' },
    images: { value: '' },
    labels: { value: '' },
    project: { value: '' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    composeDir: { value: '${DOCKER_COMPOSE_DIR}', validate: isFolder },
    from: { value: 'now' },
    multiline: { value: '', validate: isPattern },
    multilineMs: { value: MULTILINE_MS.initial, validate: (value) => isAllowed(MULTILINE_MS, value) },
    json: { value: false },
    streams: { value: 'both' },
    rules: { value: [], validate: (value) => parseRules(value) !== undefined },
  },
  inputs: 0,
  outputs: 1,
  icon: 'docker-logs-in.svg',
  paletteLabel: 'docker logs',
  label() {
    return this.name || this._('docker-logs-in.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    if (this.from === undefined) $('#node-input-from').val('now');
    if (this.multilineMs === undefined) $('#node-input-multilineMs').val(MULTILINE_MS.initial);
    if (this.streams === undefined) $('#node-input-streams').val('both');
    offerChoices('docker-logs-in', ['containers', 'images', 'labels', 'projects', 'services'], this.engine);
    fillRules(this.rules ?? [], (key) => this._(`docker-logs-in.${key}`));
  },
  oneditsave() {
    this.rules = readRules();
  },
});
