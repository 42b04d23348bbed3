/** How much work a regular expression can make, told from its source alone. */

/** The work for a text of `n` characters is at most `factor * n ** degree` steps of a backtracking matcher. */
export interface PatternCost {
  readonly factor: number;
  readonly degree: number;
}

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/;
const GROUP_START = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/;
const CLASS = /^\[(?:\\.|[^\]\\])*\]/s;
/** An escape that stands for one character, or for a place. A digit or `k` refers to a group. */
const SINGLE_ESCAPE = /^\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[pP]\{[^}]*\}|c[a-z]|[^1-9k])/is;

class CostReader {
  factor = 1;
  degree = 0;
  #rest: string;
  /** Characters that are matched one after another; each step of the search may walk them all. */
  #length = 1;
  #depth = 0;
  #lastWas: 'start' | 'atom' | 'group' = 'start';

  constructor(source: string) {
    this.#rest = source;
  }

  /** False where the source has what makes no bound. */
  readAll(): boolean {
    while (this.#rest !== '') if (!this.#readNext()) return false;
    this.factor *= this.#length;
    return true;
  }

  #take(part: string | undefined, kind: 'start' | 'atom' | 'group'): boolean {
    if (part === undefined) return false;
    this.#rest = this.#rest.slice(part.length);
    this.#lastWas = kind;
    if (kind === 'atom') this.#length += 1;
    return true;
  }

  #readNext(): boolean {
    const [first = ''] = this.#rest;
    const quantifier = QUANTIFIER.exec(this.#rest);
    if (quantifier !== null && this.#lastWas !== 'start') return this.#quantify(quantifier);
    if (first === '\\') return this.#take(SINGLE_ESCAPE.exec(this.#rest)?.[0], 'atom');
    if (first === '[') return this.#take(CLASS.exec(this.#rest)?.[0], 'atom');
    if (first === '(') {
      this.#depth += 1;
      // A modifier like `(?i:` is of a newer syntax than this knows.
      if (this.#rest.startsWith('(?') && (GROUP_START.exec(this.#rest)?.[0] ?? '(') === '(') return false;
      return this.#take(GROUP_START.exec(this.#rest)?.[0], 'start');
    }
    if (first === ')') {
      this.#depth -= 1;
      return this.#depth >= 0 && this.#take(')', 'group');
    }
    if (first === '|') {
      this.factor *= 2;
      return this.#take('|', 'start');
    }
    return this.#take(first, first === '^' || first === '$' ? 'start' : 'atom');
  }

  /** Only of a single character: what repeats a group can make more work than any power of the length. */
  #quantify([text, least, comma, most]: RegExpExecArray): boolean {
    if (this.#lastWas !== 'atom') return false;
    const isOpen = text.startsWith('*') || text.startsWith('+') || (comma !== undefined && most === '');
    if (isOpen) this.degree += 1;
    else if (text.startsWith('?')) this.factor *= 2;
    else if (comma !== undefined) this.factor *= Number(most) - Number(least) + 1;
    this.#length += Number(least ?? 0);
    return this.#take(text, 'start');
  }
}

/** Whether every alternative begins at the text's own beginning: else the matcher begins anew at each character. */
function isAnchored(source: string, flags: string): boolean {
  return source.startsWith('^') && !source.includes('|') && !flags.includes('m');
}

/**
 * A bound for the work of a pattern, or undefined where there is none: repeated groups, references to groups, and syntax
 * that this does not know. It errs on the side of too much. In a group after `^` an alternative counts as not anchored.
 */
export function patternCost(source: string, flags = ''): PatternCost | undefined {
  if (flags.includes('v')) return undefined;
  const reader = new CostReader(source);
  if (!reader.readAll()) return undefined;
  return { factor: reader.factor, degree: reader.degree + (isAnchored(source, flags) ? 0 : 1) };
}
