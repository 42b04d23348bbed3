import type { EditorNodeProperties, EditorRED } from 'node-red';
import { settingOr } from '../../lib/environment.ts';
import { isAllowed } from '../../lib/number-field.ts';
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
  match: string;
  tls: string;
}

interface HttpCheckCredentials {
  user: string;
  password: string;
  token: string;
}

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

/** What the open dialog says that the text is; undefined where no dialog is open. */
function chosenMatchType(): string | undefined {
  const value = $('#node-input-matchType').val();
  return value === undefined || value === null ? undefined : String(value);
}

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
    headers: text('headers'),
    body: { value: '' },
    bodyFromPayload: { value: false },
    authType: text('authType'),
    matchType: text('matchType'),
    match: {
      value: '',
      validate(value) {
        const type = chosenMatchType() ?? this.matchType;
        return isMatch(type, value) && (type !== 'jsonata' || isJsonata(value));
      },
    },
    maxTime: number('maxTime'),
    redirects: number('redirects'),
    family: text('family'),
    tls: { value: '', type: 'tls-config', required: false },
    tlsWarnDays: number('tlsWarnDays'),
    bodyLimit: number('bodyLimit'),
    keepBody: number('keepBody'),
  },
  credentials: { user: { type: 'text' }, password: { type: 'password' }, token: { type: 'password' } },
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
    const methods = $('#node-input-method').empty();
    for (const method of METHODS) $('<option>').val(method).text(method).appendTo(methods);
    // A flow from before a property existed has none of it: the field shows what the node does then.
    for (const [name, { initial }] of Object.entries({ ...TEXT_FIELDS, ...FIELDS }))
      $(`#node-input-${name}`).val(String(Reflect.get(this, name) ?? initial));
    showFor('authType', { basic: '.http-check-basic', bearer: '.http-check-bearer' });
    const matchType = $('#node-input-matchType');
    const showMatch = (): void => void $('.http-check-match').toggle(chosenMatchType() !== 'none');
    // The same text may be right for one type and wrong for another.
    matchType.on('change', showMatch).on('change', () => void $('#node-input-match').trigger('change'));
    showMatch();
    const methodBox = $('#node-input-method');
    const bodyless = ['GET', 'HEAD', 'OPTIONS'];
    methodBox
      .on('change', () => void $('.http-check-body').toggle(!bodyless.includes(String(methodBox.val()))))
      .trigger('change');
  },
});
