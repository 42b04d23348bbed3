import type { EditorNodeInstance, EditorNodeProperties, EditorRED } from 'node-red';
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
  fault?: string;
}

const isAddress = (value: string): boolean => parseAddress(configured(value) ?? '').fault === undefined;

function showResult(node: EditorNodeInstance<DockerEngineProperties>, result: TestResult): void {
  const key = result.fault === undefined ? 'docker-engine.test.works' : 'docker-engine.test.fails';
  $('#node-config-docker-engine-result').text(node._(key, { ...result, place: result.place ?? '' }));
}

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
    $('#node-config-docker-engine-test').on('click', () => {
      const button = $('#node-config-docker-engine-test').prop('disabled', true);
      $('#node-config-docker-engine-result').text(this._('docker-engine.test.runs'));
      const tls = $('#node-config-input-tls').val();
      const data = { host: $('#node-config-input-host').val(), tls: tls === '_ADD_' ? '' : tls };
      $.ajax({
        url: 'infra-monitoring/docker-engine/test',
        type: 'POST',
        contentType: 'application/json',
        data: JSON.stringify(data),
      })
        .done((result: TestResult) => showResult(this, result))
        .fail((_, status, error) => showResult(this, { fault: error || status }))
        .always(() => button.prop('disabled', false));
    });
  },
});
