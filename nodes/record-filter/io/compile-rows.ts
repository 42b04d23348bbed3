import { timedPattern } from '../../../lib/io/pattern.ts';
import { type CompiledRules, compileRules } from '../../../lib/rules/compile.ts';
import type { RuleSet } from '../../../lib/rules/rule.ts';

/** Rows as functions, their patterns with a time limit. Throws `RULE_…` for a row that is not sound. */
export function compileRows(rules: RuleSet): CompiledRules {
  return compileRules(rules, { pattern: timedPattern });
}
