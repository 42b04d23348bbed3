import type { EditorNodeInstance, EditorNodeProperties, EditorRED } from 'node-red';
import { onTest } from '../../lib/dialog/test-button.editor.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { RECORD_KEYS } from '../../lib/record-keys.ts';
import { masked, parseAddress, serviceOf } from './address.ts';
import { isTemplate, MESSAGE_NAMES, placeholdersOf } from './services/template.ts';
import { CHECKS, COLLECT, LEAST } from './settings.ts';

declare const RED: EditorRED;

interface NotifyProperties extends EditorNodeProperties {
  service: string;
  chat: string;
  template: string;
  leastSeverity: string;
  collectSeconds: string;
  zone: string;
  tls: string;
}

interface NotifyCredentials {
  url: string;
  token: string;
  user: string;
  password: string;
}

type NotifyNode = EditorNodeInstance<NotifyProperties>;

/** What the editor has as the value of a credential that is set. */
const UNCHANGED = '__PWRD__';
const SECRETS = ['url', 'token', 'user', 'password'] as const;
const KNOWN = new Set<string>([...MESSAGE_NAMES, ...Object.values(RECORD_KEYS).flatMap((keys) => Object.keys(keys))]);

const field = (name: string) => $(`#node-input-${name}`);

/** What a field of the open dialog holds; undefined where no dialog is open. */
function entered(name: string): string | undefined {
  const value = field(name).val();
  return value === undefined || value === null ? undefined : String(value);
}

/** The service that is chosen, or that of the address where that is left to it. */
function shownService(): string {
  const url = parseAddress(entered('url') ?? '');
  return entered('service') || (url === undefined ? '' : (serviceOf(url) ?? ''));
}

/** Shows the fields that the service has. */
function showFields(node: NotifyNode): void {
  const service = shownService();
  const isAny = service === '';
  $('.notify-token').toggle(isAny || ['telegram', 'ntfy', 'json', 'template'].includes(service));
  $('.notify-login').toggle(['ntfy', 'json', 'template'].includes(service));
  $('.notify-chat').toggle(['telegram', 'ntfy'].includes(service));
  $('.notify-template').toggle(service === 'template');
  const kind = service === 'ntfy' ? 'topic' : 'chat';
  $('#node-input-notify-chat-label').text(node._(`notify.label.${kind}`));
  field('chat').attr('placeholder', node._(`notify.placeholder.${kind}`));
}

/** Says what the address is, without the secret in it: a hint, and never a refusal. */
function showHint(node: NotifyNode, deployed: string): void {
  const text = entered('url') ?? '';
  const hint = $('#node-input-notify-hint');
  const url = parseAddress(text);
  if (text === '' || text === UNCHANGED) {
    hint.text(deployed === '' ? '' : node._('notify.hint.deployed', { address: deployed }));
  } else if (/^\$\{.*\}$/.test(text.trim())) hint.text('');
  else if (url === undefined) hint.text(node._('notify.hint.noAddress'));
  else {
    const found = serviceOf(url);
    const chosen = entered('service') || found || 'slack';
    const isOther = found !== undefined && found !== chosen && chosen !== 'json' && chosen !== 'template';
    const service = node._(`notify.service.${isOther ? found : chosen}`);
    hint.text(node._(`notify.hint.${isOther ? 'other' : 'typed'}`, { address: masked(url), service }));
  }
}

function showNames(node: NotifyNode): void {
  const template = entered('template') ?? '';
  const unknown = placeholdersOf(template).filter((name) => !KNOWN.has(name));
  const isWrong = template !== '' && !isTemplate(template);
  const names = unknown.map((name) => `{{${name}}}`).join(', ');
  const words = unknown.length === 0 ? '' : node._('notify.hint.unknown', { names });
  $('#node-input-notify-names').text(isWrong ? node._('notify.hint.notJson') : words);
}

/** Whether a config node has been changed, or added, since the last deploy. */
const isChanged = (id: unknown): boolean =>
  (RED.nodes.node(String(id ?? '')) as { changed?: boolean } | null)?.changed === true;

function testOnClick(node: NotifyNode): void {
  const names = [...SECRETS, 'service', 'chat', 'template', 'tls', 'zone'];
  onTest({
    button: $('#node-input-notify-test'),
    place: $('#node-input-notify-result'),
    url: 'infra-monitoring/notify/test',
    words: { running: node._('notify.test.running'), noAnswer: node._('notify.test.noAnswer') },
    body: () => ({
      ...Object.fromEntries(names.map((name) => [name, entered(name)])),
      id: node.id,
      isTlsChanged: isChanged(entered('tls')),
    }),
    answers: ({ result, isGood }: { result: string; isGood?: boolean }) => [{ text: result, isGood }],
  });
}

RED.nodes.registerType<NotifyProperties, NotifyCredentials>('notify', {
  category: 'monitoring',
  color: '#C6B2E3',
  defaults: {
    name: { value: '' },
    service: { value: '', validate: (value) => CHECKS.service(value) },
    chat: {
      value: '',
      validate(value) {
        return CHECKS.chat(value, entered('service') ?? this.service);
      },
    },
    template: {
      value: '',
      validate(value) {
        return CHECKS.template(value, entered('service') ?? this.service);
      },
    },
    leastSeverity: { value: LEAST, validate: (value) => CHECKS.leastSeverity(value) },
    collectSeconds: { value: COLLECT.initial, validate: (value) => CHECKS.collectSeconds(value) },
    zone: { value: '', validate: (value) => CHECKS.zone(value) },
    tls: { value: '', type: 'tls-config', required: false },
  },
  credentials: {
    url: { type: 'password' },
    token: { type: 'password' },
    user: { type: 'text' },
    password: { type: 'password' },
  },
  inputs: 1,
  outputs: 0,
  inputLabels() {
    return this._('notify.label.input');
  },
  icon: 'notify.svg',
  align: 'right',
  paletteLabel: 'notify',
  label() {
    return this.name || this._('notify.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    // A flow from before a property existed has none of it: the field shows what the node does then.
    if (!entered('leastSeverity')) field('leastSeverity').val(LEAST);
    if (!entered('collectSeconds')) field('collectSeconds').val(COLLECT.initial);
    if (!entered('service')) field('service').val('');
    let deployed = '';
    const show = (): void => {
      showFields(this);
      showHint(this, deployed);
      showNames(this);
    };
    field('service').on('change', () => {
      show();
      // The same text may be right for one service and wrong for another.
      for (const name of ['chat', 'template']) field(name).trigger('change');
    });
    field('url').on('input change', show);
    field('template').on('input', show);
    testOnClick(this);
    $.getJSON(`infra-monitoring/notify/address/${encodeURIComponent(this.id)}`, ({ address = '' }) => {
      deployed = String(address);
      show();
    });
    show();
  },
});
