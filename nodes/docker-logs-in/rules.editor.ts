/** The list of rules in the dialog. */

import type {} from 'node-red';
import { type LogRule, RULE_SUBJECTS, type RuleSubject, STREAMS, type Streams } from './rules.ts';

const LIST = '#docker-logs-in-rules';

/** What the engine has of each subject, as the lists of the dialog offer it. */
const OFFERS = { container: 'containers', service: 'services', image: 'images' } as const;

const JSON_WORDS = [
  ['', 'rule.jsonAsAbove'],
  ['true', 'rule.jsonOn'],
  ['false', 'rule.jsonOff'],
] as const;

type Translate = (key: string) => string;
type Choice = readonly [value: string, key: string];

function select(name: string, choices: readonly Choice[], chosen: string, translate: Translate): JQuery {
  const options = choices.map(([value, key]) => $('<option>').attr('value', value).text(translate(key)));
  return $('<select>').addClass(`rule-${name}`).css({ width: 'auto', marginRight: '4px' }).append(options).val(chosen);
}

function addRow(row: JQuery, rule: Partial<LogRule>, translate: Translate): void {
  const subjects = RULE_SUBJECTS.map((subject): Choice => [subject, `rule.${subject}`]);
  const of = select('of', subjects, rule.of ?? 'container', translate);
  const pattern = $('<input type="text">').addClass('rule-pattern').css({ width: '40%', marginRight: '4px' });
  pattern.val(rule.pattern ?? '');
  const offer = (): unknown => pattern.attr('list', `docker-logs-in-${OFFERS[of.val() as keyof typeof OFFERS]}`);
  of.on('change', offer);
  offer();
  const ships: readonly Choice[] = [
    ['true', 'rule.ship'],
    ['false', 'rule.leave'],
  ];
  const ship = select('ship', ships, String(rule.ship ?? true), translate);
  const streams: readonly Choice[] = [
    ['', 'rule.asAbove'],
    ...STREAMS.map((name): Choice => [name, `streams.${name}`]),
  ];
  const lines = $('<div>').css({ marginTop: '4px' });
  const multiline = $('<input type="text">').addClass('rule-multiline').css({ width: '30%' });
  multiline.attr('placeholder', translate('rule.multiline')).val(rule.multiline ?? '');
  lines.append(
    select('streams', streams, rule.streams ?? '', translate),
    select('json', JSON_WORDS, rule.json === undefined ? '' : String(rule.json), translate),
    multiline,
  );
  const showLines = (): unknown => lines.toggle(ship.val() === 'true');
  ship.on('change', showLines);
  showLines();
  row.append($('<div>').append(of, pattern, ship), lines);
  // A row that was just added waits for the name.
  if (rule.pattern === undefined) setTimeout(() => pattern.trigger('focus'));
}

/** Shows the rules, to be changed, sorted and removed. */
export function fillRules(rules: readonly LogRule[], translate: Translate): void {
  const list = $(LIST);
  list.css({ minHeight: '60px', minWidth: '450px' }).editableList({
    height: 220,
    addItem: (row: JQuery, _index: number, rule: Partial<LogRule>) => addRow(row, rule, translate),
    removable: true,
    sortable: true,
  });
  list.editableList('addItems', [...rules]);
}

/** The rules as they are in the dialog, wrong ones too: these mark the node. One without a pattern is left out. */
export function readRules(): LogRule[] {
  const rules: LogRule[] = [];
  $(LIST)
    .editableList('items')
    .each((_index, element) => {
      const value = (name: string): string => String($(element).find(`.rule-${name}`).val() ?? '').trim();
      const [streams, json, multiline] = [value('streams'), value('json'), value('multiline')];
      if (value('pattern') === '') return;
      rules.push({
        of: value('of') as RuleSubject,
        pattern: value('pattern'),
        ship: value('ship') === 'true',
        ...(streams === '' ? {} : { streams: streams as Streams }),
        ...(json === '' ? {} : { json: json === 'true' }),
        ...(multiline === '' ? {} : { multiline }),
      });
    });
  return rules;
}
