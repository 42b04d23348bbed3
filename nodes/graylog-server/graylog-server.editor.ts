import type { EditorNodeProperties, EditorRED } from 'node-red';
import { showFieldsFault, staticFieldsProperty } from '../../lib/dialog/static-fields.editor.ts';
import { onTest } from '../../lib/dialog/test-button.editor.ts';
import { configured } from '../../lib/environment.ts';
import { isAllowed } from '../../lib/number-field.ts';
import { parsePort } from '../../lib/port.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { parseEndpoints, rowsOf, usualPort } from './endpoint.ts';
import { DEFAULT_QUEUE, FIELDS } from './options.ts';

declare const RED: EditorRED;

interface GraylogServerProperties extends EditorNodeProperties {
  endpoints: string;
  port: string;
  host: string;
  fields: string;
  tls: string;
  compression: string;
  chunkBytes: string;
  bufferMegabytes: string;
  overflow: string;
  diskMegabytes: string;
  maxAgeHours: string;
  confirmSeconds: string;
  replaySeconds: string;
  renewMinutes: string;
  bulk: boolean;
  gzip: boolean;
  hasAuthorization: boolean;
  exchange: string;
  routingKey: string;
  hasBrokerPassword: boolean;
}

interface Secrets {
  authorization: string;
  brokerUser: string;
  brokerPassword: string;
}

function isEndpoints(value: string): boolean {
  const text = configured(value);
  try {
    // A password that is typed here would stand in every export.
    return (
      text === undefined ||
      parseEndpoints(text).every(({ authorization, login }) => (authorization ?? login) === undefined)
    );
  } catch {
    return false;
  }
}

const TESTED = [
  ...['endpoints', 'port', 'host', 'tls', 'authorization', 'compression', 'chunkBytes'],
  ...['exchange', 'routingKey', 'brokerUser', 'brokerPassword'],
];

/** Whether a config node has been changed, or added, since the last deploy. */
const isChanged = (id: unknown): boolean =>
  (RED.nodes.node(String(id ?? '')) as { changed?: boolean } | null)?.changed === true;

/** A name in AMQP has at most 255 bytes. */
const isBrokerName = (value: string): boolean => new TextEncoder().encode(value ?? '').length <= 255;

const isPort = (value: string): boolean => configured(value) === undefined || parsePort(value) !== undefined;

const isIn = (name: keyof typeof FIELDS) => (value: string) => isAllowed(FIELDS[name], value);

RED.nodes.registerType<GraylogServerProperties, Secrets>('graylog-server', {
  category: 'config',
  defaults: {
    name: { value: '' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    endpoints: { value: '${LOGGING_URL}', validate: isEndpoints },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    port: { value: '${LOGGING_PORT}', validate: isPort },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    host: { value: '${MONITORED_HOST}' },
    fields: staticFieldsProperty(true),
    tls: { value: '', type: 'tls-config', required: false },
    compression: { value: 'gzip' },
    chunkBytes: { value: FIELDS.chunkBytes.initial, validate: isIn('chunkBytes') },
    bufferMegabytes: { value: FIELDS.bufferMegabytes.initial, validate: isIn('bufferMegabytes') },
    overflow: { value: 'oldest' },
    diskMegabytes: { value: FIELDS.diskMegabytes.initial, validate: isIn('diskMegabytes') },
    maxAgeHours: { value: FIELDS.maxAgeHours.initial, validate: isIn('maxAgeHours') },
    confirmSeconds: { value: FIELDS.confirmSeconds.initial, validate: isIn('confirmSeconds') },
    replaySeconds: { value: FIELDS.replaySeconds.initial, validate: isIn('replaySeconds') },
    renewMinutes: { value: FIELDS.renewMinutes.initial, validate: isIn('renewMinutes') },
    bulk: { value: false },
    gzip: { value: false },
    hasAuthorization: { value: false },
    exchange: { value: '', validate: isBrokerName },
    routingKey: { value: DEFAULT_QUEUE, validate: isBrokerName },
    hasBrokerPassword: { value: false },
  },
  credentials: {
    authorization: { type: 'password' },
    brokerUser: { type: 'text' },
    brokerPassword: { type: 'password' },
  },
  oneditprepare() {
    showPresentFault(this);
    const value = (name: string) => $(`#node-config-input-${name}`).val();
    // A flow from before the property has none.
    if (value('confirmSeconds') === '') $('#node-config-input-confirmSeconds').val(FIELDS.confirmSeconds.initial);
    if (this.routingKey === undefined) $('#node-config-input-routingKey').val(DEFAULT_QUEUE);
    const showRows = (): void => {
      const addresses = configured(value('endpoints'));
      const rows = rowsOf(addresses);
      for (const [kind, isShown] of Object.entries(rows)) $(`.graylog-server-${kind}`).toggle(isShown);
      $('#node-config-input-port').attr('placeholder', usualPort(addresses));
    };
    $('#node-config-input-endpoints').on('input change', showRows);
    showRows();
    showFieldsFault($('#node-config-input-fields'), (key, args) => this._(key, args));
    const isTicked = (name: string) => $(`#node-config-input-${name}`).is(':checked');
    onTest({
      button: $('#node-config-input-test'),
      place: $('#node-config-input-test-result'),
      url: 'infra-monitoring/graylog-server/test',
      words: { running: this._('graylog-server.test.running'), noAnswer: this._('graylog-server.test.noAnswer') },
      body: () => ({
        ...Object.fromEntries(TESTED.map((name) => [name, value(name)])),
        bulk: isTicked('bulk'),
        gzip: isTicked('gzip'),
        id: this.id,
        isTlsChanged: isChanged(value('tls')),
      }),
      answers: ({ results, areGood }: { results: string[]; areGood?: (boolean | null)[] }) =>
        results.map((text, index) => ({ text, isGood: areGood?.[index] ?? undefined })),
    });
  },
  oneditsave() {
    // Node-RED drops credentials that it cannot decrypt: the node has to know that there was one.
    const isSet = (name: string): boolean => String($(`#node-config-input-${name}`).val() ?? '') !== '';
    this.hasAuthorization = isSet('authorization');
    this.hasBrokerPassword = isSet('brokerPassword');
  },
  label() {
    return this.name || configured(this.endpoints) || this._('graylog-server.label.node');
  },
});
