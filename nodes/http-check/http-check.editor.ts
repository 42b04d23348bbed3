import type { EditorNodeProperties, EditorRED } from 'node-red';
import { onTest } from '../../lib/dialog/test-button.editor.ts';
import { settingOr } from '../../lib/environment.ts';
import { isAllowed } from '../../lib/number-field.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { FIELDS, isMatch, METHODS, TEXT_FIELDS } from './settings.ts';

declare const RED: EditorRED;
/** The editor's own parser. */
declare const jsonata: ((expression: string) => unknown) | undefined;

type TextName = keyof typeof TEXT_FIELDS;
type NumberName = keyof typeof FIELDS;

interface HttpCheckProperties extends EditorNodeProperties, Record<TextName | NumberName, string> {
  checkName: string;
  body: string;
  bodyFromPayload: boolean;
  secretsElsewhere: boolean;
  insideRedirects: boolean;
  strict: boolean;
  match: string;
  tls: string;
}

interface HttpCheckCredentials {
  user: string;
  password: string;
  token: string;
  headers: string;
  body: string;
}

/** What 0.1.0 kept as properties of the node, and is kept with its credentials since: it was part of every export. */
const MOVED = ['headers', 'body'] as const;

const text = (name: TextName) => ({
  value: TEXT_FIELDS[name].initial,
  validate: (value: unknown) => TEXT_FIELDS[name].allows(settingOr(value, TEXT_FIELDS[name].initial)),
});

const number = (name: NumberName) => ({
  value: FIELDS[name].initial,
  validate: (value: unknown) => isAllowed(FIELDS[name], value),
});

function isJsonata(expression: unknown): boolean {
  try {
    if (typeof jsonata === 'function') jsonata(String(expression));
    return true;
  } catch {
    return false;
  }
}

/** What a field of the open dialog holds; undefined where no dialog is open. */
function entered(name: string): string | undefined {
  const value = $(`#node-input-${name}`).val();
  return value === undefined || value === null ? undefined : String(value);
}

/** The credentials of a node; empty before its dialog was open, when the editor does not have them. */
function credentialsOf(node: object): Partial<HttpCheckCredentials> {
  return (node as { credentials?: Partial<HttpCheckCredentials> }).credentials ?? {};
}

const areHeaders = (value: unknown): boolean => TEXT_FIELDS.headers.allows(value ?? '');

/** Shows the rows that belong to what is chosen in a select box. */
function showFor(select: string, rows: { [value: string]: string }): void {
  const box = $(`#node-input-${select}`);
  const update = (): void => {
    const chosen = String(box.val());
    for (const [value, row] of Object.entries(rows)) $(row).toggle(value === chosen);
  };
  box.on('change', update);
  update();
}

const TABS = ['request', 'expect', 'report'] as const;
type Words = (key: string) => string;

/** Twenty-five rows in one column were twice as high as a window. */
function showTabs(words: Words): void {
  const tabs = RED.tabs.create({
    id: 'node-input-http-check-tabs',
    onchange(tab: { id: string }) {
      $('#node-input-http-check-panes').children().hide();
      $(`#${tab.id}`).show();
    },
  } as never) as unknown as { addTab(tab: object): void };
  for (const name of TABS) tabs.addTab({ id: `http-check-${name}`, label: words(`http-check.section.${name}`) });
}

/** Whether a config node has been changed, or added, since the last deploy. */
const isChanged = (id: unknown): boolean =>
  (RED.nodes.node(String(id ?? '')) as { changed?: boolean } | null)?.changed === true;

/** Runs the check of the dialog as it stands. */
function checkOnClick(id: string, words: Words): void {
  const texts = [
    ...Object.keys(TEXT_FIELDS),
    ...Object.keys(FIELDS),
    'match',
    'tls',
    'user',
    'password',
    'token',
    'body',
  ];
  const flags = ['insideRedirects', 'strict'];
  onTest({
    button: $('#node-input-http-check-test'),
    place: $('#node-input-http-check-answer'),
    url: 'infra-monitoring/http-check/check',
    words: { running: words('http-check.check.running'), noAnswer: words('http-check.check.noAnswer') },
    body: () => ({
      ...Object.fromEntries(texts.map((name) => [name, entered(name)])),
      ...Object.fromEntries(flags.map((name) => [name, $(`#node-input-${name}`).is(':checked')])),
      id,
      isTlsChanged: isChanged(entered('tls')),
    }),
    answers: ({ text, isGood }: { text: string; isGood?: boolean }) => [{ text, isGood }],
  });
}

RED.nodes.registerType<HttpCheckProperties, HttpCheckCredentials>('http-check', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    checkName: { value: '' },
    url: text('url'),
    method: text('method'),
    interval: text('interval'),
    timeout: number('timeout'),
    accept: text('accept'),
    retries: number('retries'),
    resend: number('resend'),
    headers: {
      value: '',
      // The lines are in the credentials, or here in a flow of 0.1.0; the editor knows them once the dialog was open.
      validate(value) {
        return areHeaders(entered('headers') ?? (credentialsOf(this).headers || value));
      },
    },
    body: { value: '' },
    bodyFromPayload: { value: false },
    authType: text('authType'),
    secretsElsewhere: { value: false },
    matchType: text('matchType'),
    match: {
      value: '',
      validate(value) {
        const type = entered('matchType') ?? this.matchType;
        return isMatch(type, value) && (type !== 'jsonata' || isJsonata(value));
      },
    },
    maxTime: number('maxTime'),
    redirects: number('redirects'),
    insideRedirects: { value: false },
    strict: { value: false },
    tlsMinVersion: text('tlsMinVersion'),
    family: text('family'),
    tls: { value: '', type: 'tls-config', required: false },
    tlsWarnDays: number('tlsWarnDays'),
    bodyLimit: number('bodyLimit'),
    keepBody: number('keepBody'),
  },
  credentials: {
    user: { type: 'text' },
    password: { type: 'password' },
    token: { type: 'password' },
    // Without a rule of its own the field would be taken for right.
    headers: { type: 'text', validate: areHeaders } as { type: 'text' },
    body: { type: 'text' },
  },
  inputs: 1,
  outputs: 2,
  outputLabels(index) {
    return this._(index === 0 ? 'http-check.output.result' : 'http-check.output.change');
  },
  icon: 'http-check.svg',
  paletteLabel: 'http check',
  label() {
    return this.name || this.checkName || this._('http-check.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    const words: Words = (key) => this._(key);
    showTabs(words);
    checkOnClick(this.id, words);
    const methods = $('#node-input-method').empty();
    for (const method of METHODS) $('<option>').val(method).text(method).appendTo(methods);
    // A flow from before a property existed has none of it: the field shows what the node does then.
    const { headers: _, ...fields } = { ...TEXT_FIELDS, ...FIELDS };
    for (const [name, { initial }] of Object.entries(fields))
      $(`#node-input-${name}`).val(String(Reflect.get(this, name) ?? initial));
    for (const name of MOVED) $(`#node-input-${name}`).val(credentialsOf(this)[name] || this[name] || '');
    showFor('authType', { basic: '.http-check-basic', bearer: '.http-check-bearer' });
    const matchType = $('#node-input-matchType');
    const showMatch = (): void =>
      void $('.http-check-match').toggle(!['none', 'unread'].includes(entered('matchType') ?? ''));
    // The same text may be right for one type and wrong for another.
    matchType.on('change', showMatch).on('change', () => void $('#node-input-match').trigger('change'));
    showMatch();
    const methodBox = $('#node-input-method');
    const bodyless = ['GET', 'HEAD', 'OPTIONS'];
    methodBox
      .on('change', () => void $('.http-check-body').toggle(!bodyless.includes(String(methodBox.val()))))
      .trigger('change');
  },
  oneditsave() {
    // The editor would write the field into the property, too: it does not where the field has another name.
    for (const name of MOVED) {
      const field = $(`#node-input-${name}`);
      credentialsOf(this)[name] = String(field.val() ?? '');
      this[name] = '';
      field.removeAttr('id');
    }
  },
});
