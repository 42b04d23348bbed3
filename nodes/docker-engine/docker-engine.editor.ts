import type { EditorNodeProperties, EditorRED } from 'node-red';
import { onTest } from '../../lib/dialog/test-button.editor.ts';
import { configured } from '../../lib/environment.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { parseAddress } from './address.ts';

declare const RED: EditorRED;

interface DockerEngineProperties extends EditorNodeProperties {
  host: string;
  tls: string;
}

interface TestResult {
  place?: string;
  version?: string;
  api?: string;
  containers?: number;
  running?: number;
  pods?: number;
  fault?: string;
}

const isAddress = (value: string): boolean => parseAddress(configured(value) ?? '').fault === undefined;

RED.nodes.registerType<DockerEngineProperties>('docker-engine', {
  category: 'config',
  defaults: {
    name: { value: '' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    host: { value: '${DOCKER_HOST}', validate: isAddress },
    tls: { value: '', type: 'tls-config', required: false },
  },
  label() {
    return this.name || configured(this.host) || this._('docker-engine.label.node');
  },
  oneditprepare() {
    showPresentFault(this);
    onTest({
      button: $('#node-config-docker-engine-test'),
      place: $('#node-config-docker-engine-result'),
      url: 'infra-monitoring/docker-engine/test',
      words: { running: this._('docker-engine.test.runs'), noAnswer: this._('docker-engine.test.noAnswer') },
      body: () => {
        const tls = $('#node-config-input-tls').val();
        return { host: $('#node-config-input-host').val(), tls: tls === '_ADD_' ? '' : tls };
      },
      answers: (result: TestResult) => {
        const isGood = result.fault === undefined;
        const works = result.pods === undefined ? 'docker-engine.test.works' : 'docker-engine.test.pods';
        const key = isGood ? works : 'docker-engine.test.fails';
        // What is wrong with the address itself has no place.
        return [{ text: this._(key, { ...result, place: result.place ?? '' }).trim(), isGood }];
      },
    });
  },
});
