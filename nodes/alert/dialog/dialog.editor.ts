import type { EditorRED } from 'node-red';
import { parseList } from '../../../lib/rules/check.ts';
import { Fields } from '../../../lib/rules/fields.editor.ts';
import { numberFrom } from '../../../lib/rules/number-text.ts';
import { Picker } from '../../../lib/rules/picker.editor.ts';
import { RuleRows } from '../../../lib/rules/rows.editor.ts';
import { useStyle } from '../../../lib/rules/style.editor.ts';
import { type Upstream, upstreamOf } from '../../../lib/rules/upstream.editor.ts';
import type { Translate } from '../../../lib/status.ts';
import { ALERT_DEFAULTS, type AlertProperties } from '../properties.ts';
import { type Command, command } from './commands.editor.ts';
import { Days } from './days.editor.ts';
import { EachFields } from './each.editor.ts';
import { exampleOf, placeholdersOf } from './example.ts';
import { FiringList } from './firing.editor.ts';
import {
  CONTROLS,
  control,
  controlValues,
  faultsIn,
  focusOnOpening,
  kindShown,
  PACED,
  type PropertyName,
  showFaults,
  showKind,
  typedIn,
} from './form.editor.ts';
import { freeIn, PRESETS, type Proposal, proposalFor, samplesFor } from './proposals.ts';
import { AnswerPanel } from './trial.editor.ts';
import { SilenceWindows } from './windows.editor.ts';

declare const RED: EditorRED;

export type AlertNode = AlertProperties & { readonly id: string; readonly _: Translate };

/** The open dialog of an `alert`. */
export class AlertDialog {
  readonly #node: AlertNode;
  readonly #text: Translate;
  readonly #upstream: Upstream;
  readonly #fields: Fields;
  readonly #only: RuleRows;
  readonly #endRules: RuleRows;
  readonly #each: EachFields;
  readonly #days: Days;
  readonly #windows: SilenceWindows;
  readonly #answer: AnswerPanel;
  #proposed: Proposal = {};
  #kind: string = kindShown();
  #preset = '';
  #field = '';
  #isTouched = false;
  #isReady = false;

  constructor(node: AlertNode) {
    useStyle();
    this.#node = node;
    this.#text = (key, args) => node._(key, args);
    this.#upstream = upstreamOf(node.id);
    this.#fields = new Fields(this.#upstream.logTypes);
    // A flow from before a property existed has none of it: the field shows what the node does then.
    for (const name of CONTROLS)
      if (Reflect.get(node, name) === undefined) control(name).val(String(ALERT_DEFAULTS[name]));
    this.#fillSelects();
    const [text, fields, changed] = [this.#text, this.#fields, () => this.#onChange()];
    this.#only = new RuleRows($('#alert-only'), {
      text,
      fields,
      saved: node.only,
      mode: $('#alert-only-mode'),
      changed,
    });
    const none = text('alert.words.noEndRule');
    const endRules = { text, fields, saved: node.endRules, mode: $('#alert-endRules-mode'), none, changed };
    this.#endRules = new RuleRows($('#alert-endRules'), endRules);
    this.#each = new EachFields($('#alert-each'), $('#alert-each-warning'), text, fields, changed);
    this.#each.names = Array.isArray(node.each) ? node.each : [];
    this.#days = new Days(text, text('alert.property.activeDays'), node.activeDays, changed);
    this.#days.element.appendTo('#alert-activeDays');
    this.#windows = new SilenceWindows($('#alert-silences'), $('#alert-add-window'), text, node.silences, changed);
    this.#answer = new AnswerPanel($('#alert-answer'), text);
    for (const name of ['field', 'countField'] as const)
      new Picker(control(name), text('rules.fields'), (typed) => fields.offers(typed));
    [this.#kind, this.#preset, this.#field] = [kindShown(), typedIn('preset'), typedIn('field')];
    this.#listen();
    fields.onLoad(changed);
    this.#isReady = true;
    if (this.#isNew) {
      this.#propose();
      focusOnOpening(control('name'));
    }
    this.#onChange();
  }

  isOf(node: object): boolean {
    return node === this.#node;
  }

  /** What a flow is to keep, of all parts of the dialog. */
  get settings(): AlertProperties {
    return { ...ALERT_DEFAULTS, ...controlValues(), ...this.parts };
  }

  /** What Node-RED does not read from a control. */
  get parts(): Pick<AlertProperties, 'only' | 'endRules' | 'each' | 'activeDays' | 'silences'> {
    return {
      only: this.#only.ruleSet,
      endRules: this.#endRules.ruleSet,
      each: [...this.#each.names],
      activeDays: this.#days.days,
      silences: this.#windows.windows,
    };
  }

  /** Nothing is written in it yet. */
  get #isNew(): boolean {
    const { name, field, countField, text, each } = this.#node;
    return (
      [name, field, countField, text].every((value) => value === undefined || value === '') && (each ?? []).length === 0
    );
  }

  #fillSelects(): void {
    const own = this.#node.id;
    const others = (RED.nodes.filterNodes({ type: 'alert' }) as AlertNode[]).filter(({ id }) => id !== own);
    const names = new Set(others.map(({ name }) => name).filter((name) => name !== ''));
    const saved = this.#node.heldBy ?? '';
    if (saved !== '') names.add(saved);
    for (const name of names) $('<option>').val(name).text(name).appendTo(control('heldBy'));
    control('heldBy').val(saved);
    const isTaken = (): boolean => names.has(typedIn('name')) && others.some(({ name }) => name === typedIn('name'));
    const warn = (): void => void $('#alert-same-name').text(isTaken() ? this.#text('alert.warning.sameName') : '');
    control('name').on('input', warn);
    warn();
    $(`input[name=alert-severity][value="${typedIn('severity')}"]`).prop('checked', true);
    $('input[name=alert-severity]').on(
      'change',
      ({ target }) =>
        void control('severity')
          .val(String($(target).val()))
          .trigger('change'),
    );
    const zones = (Intl as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.('timeZone') ?? [];
    $('#alert-zones').append(zones.map((zone) => $('<option>').val(zone)));
  }

  #listen(): void {
    // Node-RED says "change" of every control when a dialog opens: only another choice counts.
    control('kind').on('change', () => {
      if (kindShown() === this.#kind) return;
      this.#kind = kindShown();
      this.#propose();
    });
    control('field').on('change', () => {
      if (typedIn('field') === this.#field) return;
      this.#field = typedIn('field');
      const isFree = freeIn(this.settings, this.#proposed);
      if (kindShown() === 'limit') this.#fill({ forSamples: samplesFor(this.#field) }, isFree);
    });
    control('preset').on('change', () => {
      if (typedIn('preset') === this.#preset) return;
      this.#preset = typedIn('preset');
      const { only } = ALERT_DEFAULTS;
      const isFree = freeIn(this.settings, this.#proposed);
      this.#fill({ only, ...PRESETS[this.#preset] }, (name) => name !== 'only' || isFree(name));
    });
    $('#dialog-form').on('input change', ({ originalEvent }) => {
      // What the dialog itself fills in is not somebody's typing.
      if (originalEvent !== undefined) this.#isTouched = true;
      this.#onChange();
    });
    const send = (what: Command): void =>
      command(this.#node.id, what, this.#text, (words, isGood) => {
        this.#answer.say(words, isGood);
        firing.load();
      });
    const firing = new FiringList($('#alert-firing'), this.#node.id, this.#text, send);
    for (const button of $('#dialog-form [data-command]').get())
      $(button).on('click', () => send(JSON.parse($(button).attr('data-command') ?? '{}') as Command));
    $('#alert-test').on('click', () => this.#answer.test(this.#node.id));
    $('#alert-try').on('click', () => this.#answer.tryOut({ ...this.settings, id: this.#node.id }));
  }

  /** Fills in what is usual for the kind and for what flows in; what somebody wrote stays. */
  #propose(): void {
    const isFree = freeIn(this.settings, this.#proposed);
    // A preset goes with its field.
    this.#fill(proposalFor(kindShown(), this.#upstream.logTypes), (name) =>
      name === 'preset' ? isFree('preset') && isFree('field') : isFree(name),
    );
    this.#preset = typedIn('preset');
  }

  #fill(proposal: Proposal, isToFill: (name: PropertyName) => boolean): void {
    for (const [name, value] of Object.entries(proposal) as [PropertyName, never][]) {
      if (!isToFill(name)) continue;
      if (name === 'each') this.#each.names = value;
      else if (name === 'only') this.#only.ruleSet = value;
      else control(name).val(String(value));
    }
    this.#proposed = { ...this.#proposed, ...proposal };
    this.#onChange();
  }

  #onChange(): void {
    if (!this.#isReady) return;
    showKind(kindShown());
    const faults = faultsIn(this.settings);
    showFaults(faults, this.#text, this.#isTouched);
    const ofWindow = faults.find(({ field }) => field === 'silences')?.error;
    this.#windows.markRow(ofWindow === undefined ? undefined : Number(ofWindow.values.row), ofWindow?.code);
    this.#showExample();
    this.#showPace();
  }

  #showExample(): void {
    const { settings } = this;
    const limit = settings.kind === 'limit' ? settings.limit : settings.threshold;
    const snapshot: { [name: string]: string | number } = {};
    for (const { name, kind, values } of this.#fields.all()) {
      const [last] = values;
      if (last !== undefined) snapshot[name] = kind === 'text' ? last : (numberFrom(last) ?? last);
    }
    const [bad = ''] = parseList(settings.bad);
    if (settings.kind === 'state' && settings.field !== '') snapshot[settings.field] = bad;
    Object.assign(snapshot, {
      alert_name: settings.name || this.#text('alert.label.node'),
      alert_key: settings.each.map((name) => snapshot[name] ?? name).join(', '),
      alert_severity: settings.severity,
      alert_state: 'firing',
      alert_value: numberFrom(limit) ?? 0,
      alert_limit: numberFrom(limit) ?? 0,
      alert_count: 1,
      caused_by: snapshot.message ?? '',
    });
    $('#alert-example').text(exampleOf(settings, snapshot, (key, args) => this.#text(`alert.${key}`, args)));
    const unknown = placeholdersOf(settings.text).filter((name) => this.#fields.get(name) === undefined);
    $('#alert-placeholders').text(unknown.map((name) => this.#text('alert.warning.placeholder', { name })).join(' '));
  }

  /** A time that is shorter than a source's interval is over with one record. */
  #showPace(): void {
    const { intervalSeconds } = this.#upstream;
    const name = PACED[kindShown()];
    const seconds = name === undefined ? 0 : Number(typedIn(name));
    const isShort = seconds > 0 && seconds < intervalSeconds;
    $('#alert-pace').text(isShort ? this.#text(`alert.warning.${name}`, { seconds: intervalSeconds }) : '');
  }
}
