/** What a translation must have in common with its original: pure, for the test of all catalogues and for `npm run locales`. */

/** `__name__` of the runtime's catalogues, `{{name}}` of what a user types. */
const PLACEHOLDER = /__[a-zA-Z]\w*?__|\{\{\w+\}\}/g;
const TAG = /<\/?[a-z][^>]*>/g;
/** Tags that begin or end a block; the others stand within a sentence, whose order a language may change. */
const BLOCK_TAG = /<\/?(?:script|p|h\d|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|pre|br)\b[^>]*>/g;
const CODE = /`[^`]+`|<code>.*?<\/code>/g;
const LINK = /\]\(([^)]*)\)|href="([^"]*)"/g;
/** How a line of Markdown begins: its indent and what makes it a heading, an item, a row or a quotation. */
const LINE_START = /^\s*(?:#{1,6} |[-*+] |\d+\. |\||> |```\w*)?/;

/** The texts of a catalogue by their keys: `label.name`, … */
export function leaves(catalogue, prefix = '') {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : [...leaves(value, `${prefix}${key}.`)],
    ),
  );
}

/** How a translated catalogue differs from its original where it must not. */
export function catalogueFaults(original, translation) {
  const [wanted, given] = [leaves(original), leaves(translation)];
  const missing = [...wanted.keys()].filter((key) => !given.has(key)).map((key) => `${key} is missing`);
  const left = [...given.keys()].filter((key) => !wanted.has(key)).map((key) => `${key} is in no original`);
  const faults = [...wanted].flatMap(([key, text]) => (given.has(key) ? textFaults(key, text, given.get(key)) : []));
  return [...missing, ...left, ...faults];
}

function textFaults(key, original, translation) {
  if (translation.trim() === '' && original.trim() !== '') return [`${key} is empty`];
  // A placeholder may be left out nowhere and come twice nowhere: who fills it in knows one form of the sentence.
  return [
    ...differences(`${key}: placeholders`, found(original, PLACEHOLDER), found(translation, PLACEHOLDER)),
    ...differences(`${key}: tags`, found(original, TAG), found(translation, TAG)),
  ];
}

/**
 * How a translated help text differs from its original in what is no language: blocks, code, links. Code that quotes a
 * text of the node's catalogue is translated as that is: `words` are the catalogues of both, as `leaves()` gives them.
 */
export function helpFaults(original, translation, words = [new Map(), new Map()]) {
  const split = /type="text\/markdown"/.test(original) ? markdownBlocks : htmlBlocks;
  const [wanted, given] = [split(original), split(translation)];
  const faults = [];
  for (const [at, block] of wanted.entries()) {
    const other = given[at];
    const where = `block ${at + 1} (${block.text.trim().slice(0, 40)}…)`;
    // What follows one that is missing would be compared with another's translation.
    if (other === undefined) return [...faults, `${where} is missing`];
    if (block.start !== other.start)
      return [...faults, `${where} begins with "${block.start}", its translation with "${other.start}"`];
    faults.push(...blockFaults(where, block.text, other.text, words));
  }
  if (given.length > wanted.length) faults.push(`${given.length - wanted.length} blocks more than the original has`);
  return faults;
}

function blockFaults(where, original, translation, words) {
  if (original.trim() !== '' && translation.trim() === '') return [`${where} is empty`];
  return [
    ...differences(`${where}: code`, ...withoutQuotes(found(original, CODE), found(translation, CODE), words)),
    ...differences(`${where}: links`, found(original, LINK), found(translation, LINK)),
    ...differences(`${where}: tags`, found(original, TAG), found(translation, TAG)),
    ...differences(`${where}: bold`, found(original, /\*\*/g), found(translation, /\*\*/g)),
  ];
}

/** Leaves out each code that is in both, and each that begins a text of the catalogue with the one that begins its translation. */
function withoutQuotes(wanted, given, [original, translated]) {
  const rest = [...given];
  const alone = wanted.filter((code) => !takeOut(rest, (other) => other === code));
  const left = alone.filter((code) => {
    const keys = [...original.keys()].filter((key) => begins(original.get(key), code));
    return !takeOut(rest, (other) => keys.some((key) => begins(translated.get(key), other)));
  });
  return [left, rest];
}

function takeOut(list, isIt) {
  const at = list.findIndex(isIt);
  if (at !== -1) list.splice(at, 1);
  return at !== -1;
}

function begins(text, code) {
  return text?.startsWith(code.replace(/^`|`$/g, '')) ?? false;
}

function markdownBlocks(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ({ start: startOf(line), text: line }));
}

/** Of a row of a table also how many cells it has. */
function startOf(line) {
  const [start] = LINE_START.exec(line);
  return start.endsWith('|') ? `${start}${line.replace(CODE, '').split('|').length}` : start;
}

function htmlBlocks(text) {
  const tags = found(text, BLOCK_TAG);
  const texts = text.split(BLOCK_TAG).slice(1);
  return tags.map((start, at) => ({ start, text: texts[at] ?? '' }));
}

/** In HTML a code may be broken over two lines. */
function found(text, pattern) {
  return (text.match(pattern) ?? []).map((part) => part.replace(/\s+/g, ' ')).sort();
}

function differences(what, wanted, given) {
  if (wanted.join('\n') === given.join('\n')) return [];
  return [`${what} are ${given.join(' ') || 'none'} and ought to be ${wanted.join(' ') || 'none'}`];
}

/** The texts that are new or other than they were, by their keys, with what they were. */
export function changedTexts(before, now) {
  const [old, present] = [leaves(before), leaves(now)];
  return [...present].flatMap(([key, text]) => (old.get(key) === text ? [] : [{ key, was: old.get(key), now: text }]));
}
