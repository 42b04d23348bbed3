import type {} from 'node-red';
import { explain, MonitoringError } from '../../../lib/errors.ts';
import type { Translate } from '../../../lib/status.ts';
import { ALERT_DEFAULTS, type AlertProperties } from '../properties.ts';
import { type AlertKind, readSettings } from '../settings.ts';

/** The controls of the open dialog: one for each property that is a text or a tick. */

export type PropertyName = keyof AlertProperties;

/** Properties that parts of the dialog hold, not a control of its own. */
const HELD_BY_PARTS: readonly PropertyName[] = ['only', 'endRules', 'each', 'activeDays', 'silences'];

export const CONTROLS = (Object.keys(ALERT_DEFAULTS) as PropertyName[]).filter((name) => !HELD_BY_PARTS.includes(name));

export function control(name: PropertyName): JQuery {
  return $(`#node-input-${name}`);
}

export function typedIn(name: PropertyName): string {
  return String(control(name).val() ?? '');
}

export function kindShown(): AlertKind {
  return typedIn('kind') as AlertKind;
}

/** What all controls hold. */
export function controlValues(): Partial<AlertProperties> {
  const values = CONTROLS.map((name) => [
    name,
    name === 'orNone' ? control(name).prop('checked') === true : typedIn(name),
  ]);
  return Object.fromEntries(values) as Partial<AlertProperties>;
}

export interface Fault {
  readonly error: MonitoringError;
  readonly field: PropertyName;
}

/** What is wrong with settings: the rows by themselves, and of the rest what is wrong first. */
export function faultsIn(settings: { readonly [name: string]: unknown }): Fault[] {
  const faults: Fault[] = [];
  const sound: { [name: string]: unknown } = { ...settings };
  for (const field of ['only', 'endRules'] as const) {
    if (field === 'endRules' && (settings.kind !== 'match' || settings.ends !== 'record')) continue;
    const error = faultWith({ ...ALERT_DEFAULTS, ...SOUND, only: settings[field] });
    if (error === undefined) continue;
    faults.push({ error, field });
    sound[field] = SOUND.only;
  }
  const error = faultWith(sound);
  return error === undefined ? faults : [...faults, { error, field: String(error.values.field) as PropertyName }];
}

/** Settings in which nothing is wrong. */
const SOUND = {
  kind: 'match',
  ends: 'event',
  only: { mode: 'all', rules: [{ field: 'message', operator: 'is-set', value: '', orAbsent: false }] },
} as const;

function faultWith(settings: object): MonitoringError | undefined {
  try {
    readSettings(settings, 'UTC');
    return undefined;
  } catch (error) {
    if (error instanceof MonitoringError) return error;
    throw error;
  }
}

/** Shows the rows of a kind. An input that two kinds share stands where the kind that is shown has its slot for it. */
export function showKind(kind: AlertKind): void {
  const rows = $('#dialog-form [data-kinds]');
  const isOf = (element: HTMLElement): boolean => ($(element).attr('data-kinds') ?? '').split(' ').includes(kind);
  rows.each((_, element) => void $(element).toggle(isOf(element)));
  for (const slot of $('#dialog-form [data-slot]').get()) {
    if (!isOf($(slot).closest('[data-kinds]')[0] ?? slot)) continue;
    // Nothing is moved that is there already: it would lose the focus.
    const elsewhere = $(`#dialog-form [data-slot=${$(slot).attr('data-slot')}]`).not(slot);
    $(slot).append(elsewhere.contents());
  }
  const ends = typedIn('ends');
  $('#alert-ends-after').toggle(ends === 'after');
  $('#alert-ends-record').toggle(kind === 'match' && ends === 'record');
  $('#alert-count-field').css('visibility', typedIn('counts') === 'records' ? 'hidden' : 'visible');
}

/** Shows the faults of what is not a row beside the control that they are about; none takes them away. */
export function showFaults(faults: readonly Fault[], text: Translate, isShown: boolean): void {
  $('#dialog-form .alert-fault').remove();
  for (const name of CONTROLS)
    control(name).toggleClass(
      'input-error',
      faults.some(({ field }) => field === name),
    );
  if (!isShown) return;
  for (const { error, field } of faults) {
    // A row of rules says by itself what is wrong with it.
    if (error.code.startsWith('RULE')) continue;
    const words = new MonitoringError(error.code, { ...error.values, field: text(`alert.property.${field}`) });
    const place = $(`#node-input-${field}, #alert-${field}`).first().closest('.im-line, .im-below, .im-cell');
    $('<div class="alert-fault im-fault im-below" role="alert">').text(explain(words, text)).insertAfter(place);
  }
}

/** Node-RED gives the focus to the first thing of a dialog that has opened, its tab: whoever has a new node names it. */
export function focusOnOpening(input: JQuery): void {
  input.closest('.red-ui-tray').one('focusin', ({ target }) => {
    if ($(target).is('a')) input.trigger('focus');
  });
}

/** The property of a kind that a source's interval must not exceed. */
export const PACED: { readonly [kind: string]: PropertyName } = {
  state: 'forSeconds',
  limit: 'forSeconds',
  absence: 'silentSeconds',
};
