const SPECIAL = /[.+?^${}()|[\]\\]/g;
const SPECIAL_BUT_QUESTION_MARK = /[.+^${}()|[\]\\]/g;

/**
 * Whether a text fits one of the patterns as a whole. `*` stands for any text, `?` for any one character where
 * `hasQuestionMark` says so, and for itself where not; all else is taken as it is.
 */
export function globMatcher(patterns: readonly string[], hasQuestionMark = false): (text: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const escaped = pattern.replace(hasQuestionMark ? SPECIAL_BUT_QUESTION_MARK : SPECIAL, '\\$&').replace(/\*/g, '.*');
    return new RegExp(`^${hasQuestionMark ? escaped.replace(/\?/g, '.') : escaped}$`, 's');
  });
  return (text) => expressions.some((expression) => expression.test(text));
}
