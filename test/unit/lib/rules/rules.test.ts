import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MonitoringError } from '../../../../lib/errors.ts';
import { faultOf, faultsOf, parseList, parsePattern } from '../../../../lib/rules/check.ts';
import { compileRules, type Fields } from '../../../../lib/rules/compile.ts';
import { isDenial, OPERATORS, type Operator, parseRuleSet, type Rule } from '../../../../lib/rules/rule.ts';

const plainPattern = {
  pattern: (source: string, flags: string) => (text: string) => new RegExp(source, flags).test(text),
};

const rule = (field: string, operator: Operator, value = '', orAbsent = false): Rule => ({
  field,
  operator,
  value,
  orAbsent,
});

function holds(one: Rule, record: Fields): boolean {
  return compileRules({ mode: 'all', rules: [one] }, plainPattern).matches(record);
}

const cases: readonly (readonly [Rule, readonly unknown[], readonly unknown[]])[] = [
  [rule('a', 'is', 'x'), ['x'], ['X', 'x ', '', 0, undefined, null]],
  [rule('a', 'is', ''), [''], [' ', 0, undefined, null]],
  [rule('a', 'is', '154'), ['154', 154], ['154.0', 1540]],
  [rule('a', 'is-not', 'x'), ['y', '', 0], ['x', undefined, null]],
  [rule('a', 'is-not', 'x', true), ['y', undefined, null], ['x']],
  [rule('a', 'is-one-of', 'x, "y, z", 7'), ['x', 'y, z', 7, '7'], ['y', '', undefined]],
  [rule('a', 'is-none-of', 'x,y'), ['z'], ['x', 'y', undefined]],
  [rule('a', 'contains', 'fail'), ['a failure'], ['Fail', '', undefined]],
  [rule('a', 'contains-not', 'fail'), ['fine'], ['failed', undefined]],
  [rule('a', 'starts-with', 'web'), ['web1'], ['aweb', undefined]],
  [rule('a', 'ends-with', 'log'), ['auth.log'], ['log.1', undefined]],
  [rule('a', 'matches', String.raw`\b(DEBUG|TRACE)\b`), ['a DEBUG b'], ['DEBUGGER', undefined]],
  [rule('a', 'matches', '/debug/i'), ['DEBUG'], ['x', undefined]],
  [rule('a', 'matches-not', 'x+'), ['y'], ['xx', undefined]],
  [rule('a', 'equals', '9'), [9, '9', '9.0'], [10, '', 'nine', undefined]],
  [rule('a', 'equals-not', '9'), [10], [9, '', 'nine', undefined]],
  [rule('a', 'at-least', '10'), [10, '10', 11], ['9', 9, '', Number.NaN, undefined]],
  [rule('a', 'above', '10'), [10.001], [10, undefined]],
  [rule('a', 'below', '120'), [0, -0, '0'], [120, '', undefined]],
  [rule('a', 'at-most', '-1.5'), [-1.5, '-2'], [0, undefined]],
  [
    rule('a', 'in-network', '192.0.2.0/24, 2001:db8::/32'),
    ['192.0.2.7', '2001:db8::1'],
    ['192.0.3.1', 'web', undefined],
  ],
  [rule('a', 'not-in-network', '192.0.2.0/24'), ['203.0.113.9'], ['192.0.2.7', '::ffff:192.0.2.7', undefined]],
  [rule('a', 'is-set'), ['', 0, false], [undefined, null]],
  [rule('a', 'is-not-set'), [undefined, null], ['', 0]],
];

for (const [one, fitting, others] of cases) {
  test(`"${one.operator} ${one.value}${one.orAbsent ? ' or absent' : ''}" fits what it says and nothing else`, () => {
    for (const value of fitting) assert.equal(holds(one, { a: value }), true, JSON.stringify(value));
    for (const value of others) assert.equal(holds(one, { a: value }), false, JSON.stringify(value));
    assert.equal(holds(one, {}), others.includes(undefined) ? false : fitting.includes(undefined));
  });
}

test('every operator has a case', () => {
  assert.deepEqual(new Set(cases.map(([{ operator }]) => operator)), new Set(Object.keys(OPERATORS)));
});

test('a record has no inherited fields', () => {
  assert.equal(holds(rule('constructor', 'is-set'), {}), false);
  assert.equal(holds(rule('__proto__', 'is-set'), {}), false);
});

test('a number that is none, and a pattern that takes too long, make neither a row nor its denial hold', () => {
  for (const operator of ['matches', 'matches-not'] as const) {
    const slow = { pattern: () => () => undefined };
    const rules = compileRules({ mode: 'all', rules: [rule('a', operator, 'x')] }, slow);
    assert.equal(rules.matches({ a: 'x' }), false);
  }
  for (const operator of ['equals', 'equals-not'] as const)
    assert.equal(holds(rule('a', operator, '1'), { a: '' }), false);
});

test('all rows must hold, or any of them; without rows every record fits', () => {
  const rows = [rule('a', 'is', '1'), rule('b', 'is', '2'), rule('c', 'is', '3')];
  const all = compileRules({ mode: 'all', rules: rows }, plainPattern);
  const any = compileRules({ mode: 'any', rules: rows }, plainPattern);
  fc.assert(
    fc.property(fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean() }), ({ a, b, c }) => {
      const record = { ...(a && { a: '1' }), ...(b && { b: '2' }), ...(c && { c: 3 }) };
      assert.equal(all.matches(record), a && b && c);
      assert.equal(any.matches(record), a || b || c);
      assert.deepEqual(all.matchEach(record), [a, b, c]);
    }),
  );
  for (const mode of ['all', 'any'] as const)
    assert.equal(compileRules({ mode, rules: [] }, plainPattern).matches({}), true);
});

test('an operator and its denial never hold both, and one of them holds for a text', () => {
  const operators = Object.keys(OPERATORS) as Operator[];
  fc.assert(
    fc.property(fc.constantFrom(...operators.filter(isDenial)), fc.string(), (denial, value) => {
      const { denies } = OPERATORS[denial] as { denies?: Operator };
      const typed = OPERATORS[denial].type === 'network' ? '192.0.2.0/24' : '1';
      const positive = holds(rule('a', denies as Operator, typed), { a: value });
      const negative = holds(rule('a', denial, typed), { a: value });
      assert.ok(!(positive && negative));
      if (OPERATORS[denial].type !== 'number') assert.ok(positive || negative);
    }),
  );
});

test('any record is matched without a throw', () => {
  const rows = cases.map(([one]) => one);
  const compiled = compileRules({ mode: 'any', rules: rows }, plainPattern);
  fc.assert(fc.property(fc.object(), (record) => void compiled.matches(record as Fields)));
  const odd = { a: { toJSON: () => assert.fail() } };
  assert.equal(typeof compiled.matches(odd), 'boolean');
});

test('`parseRuleSet()` takes what a flow keeps, also as JSON, and nothing as no rows', () => {
  const rules = [rule('a', 'is', 'x')];
  assert.deepEqual(parseRuleSet({ mode: 'any', rules }), { mode: 'any', rules });
  assert.deepEqual(parseRuleSet(JSON.stringify({ rules })), { mode: 'all', rules });
  for (const none of [undefined, null, '', {}]) assert.deepEqual(parseRuleSet(none), { mode: 'all', rules: [] });
});

test('`parseRuleSet()` refuses anything else with an error of its own, whatever it is', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        parseRuleSet(value);
      } catch (error) {
        assert.ok(error instanceof MonitoringError, String(error));
      }
    }),
  );
  const codeOf = (value: unknown): string => {
    try {
      parseRuleSet(value);
      return 'none';
    } catch (error) {
      return (error as MonitoringError).code;
    }
  };
  assert.equal(codeOf({ rules: [{ field: 'a', operator: 'like' }] }), 'RULE_OPERATOR');
  assert.equal(codeOf({ rules: [17] }), 'RULE_MALFORMED');
  assert.equal(codeOf({ mode: 'some' }), 'RULES_MALFORMED');
  assert.equal(codeOf('{'), 'RULES_MALFORMED');
});

test('a row that is not sound is refused with its number and what to write instead', () => {
  const codes = ([field, operator, value]: readonly [string, Operator, string]) =>
    faultOf(rule(field, operator, value), 3);
  assert.deepEqual(codes(['a', 'above', '1,5'])?.values, { row: 3, value: '1,5', proposed: '1.5' });
  assert.equal(codes(['a', 'above', '1,5'])?.code, 'RULE_COMMA');
  assert.equal(codes(['a', 'above', 'ten'])?.code, 'RULE_NO_NUMBER');
  assert.equal(codes(['', 'is', 'x'])?.code, 'RULE_NO_FIELD');
  assert.equal(codes(['a', 'is-one-of', ' , '])?.code, 'RULE_NO_VALUE');
  assert.equal(codes(['a', 'matches', '('])?.code, 'RULE_NO_PATTERN');
  assert.equal(codes(['a', 'matches', '/x/g'])?.code, 'RULE_NO_PATTERN');
  assert.equal(codes(['a', 'in-network', '192.0.2.0/33'])?.code, 'RULE_NO_NETWORK');
  assert.equal(codes(['a', 'is', '']), undefined);
  const ruleSet = { mode: 'all', rules: [rule('a', 'is', 'x'), rule('', 'is', 'x')] } as const;
  assert.equal(faultsOf(ruleSet).length, 1);
  assert.throws(() => compileRules(ruleSet, plainPattern), /RULE_NO_FIELD/);
});

test('a pattern has flags where it stands between slashes, and only those that leave no trace', () => {
  assert.deepEqual(parsePattern('/a b/i'), { source: 'a b', flags: 'ui' });
  assert.deepEqual(parsePattern('/var/log'), { source: '/var/log', flags: 'u' });
  assert.deepEqual(parsePattern('a/b'), { source: 'a/b', flags: 'u' });
  for (const text of ['/a/g', '/a/y', '/a/ii']) assert.equal(parsePattern(text), undefined, text);
});

test('a list has words between commas, and quoted ones may hold commas', () => {
  assert.deepEqual(parseList('a, b ,c'), ['a', 'b', 'c']);
  assert.deepEqual(parseList('"a, b", c,'), ['a, b', 'c']);
  assert.deepEqual(parseList('""'), ['']);
  assert.deepEqual(parseList(' , '), []);
});
