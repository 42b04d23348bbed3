import type { EditorNodeProperties, EditorRED } from 'node-red';
import { fillList, offerChoices } from '../../lib/docker/choices.editor.ts';
import { isFolder } from '../../lib/docker/filter.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { areTypes, EVENT_TYPES } from './filter.ts';

declare const RED: EditorRED;

interface DockerEventsProperties extends EditorNodeProperties {
  engine: string;
  types: string;
  actions: string;
  include: string;
  labels: string;
  project: string;
  composeDir: string;
  exec: boolean;
}

const ACTIONS = 'create start stop restart die kill oom health_status pause unpause rename update destroy'.split(' ');
const OTHER_ACTIONS = 'pull push import load tag untag delete prune connect disconnect mount unmount remove'.split(' ');

RED.nodes.registerType<DockerEventsProperties>('docker-events-in', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    engine: { value: '', type: 'docker-engine', required: true },
    types: { value: '', validate: areTypes },
    actions: { value: '' },
    include: { value: '' },
    labels: { value: '' },
    project: { value: '' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    composeDir: { value: '${DOCKER_COMPOSE_DIR}', validate: isFolder },
    exec: { value: false },
  },
  inputs: 0,
  outputs: 1,
  icon: 'docker-events-in.svg',
  paletteLabel: 'docker events',
  label() {
    return this.name || this._('docker-events-in.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    fillList('docker-events-in-types', EVENT_TYPES);
    fillList('docker-events-in-actions', [...ACTIONS, ...OTHER_ACTIONS]);
    offerChoices('docker-events-in', ['containers', 'labels', 'projects'], this.engine);
  },
});
