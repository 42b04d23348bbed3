/**
 * How wide the editor draws a label: it takes 14 px of "Helvetica Neue, Arial, Helvetica", and these have one table of widths
 * (Adobe's AFM files; Liberation Sans has it, too). In thousandths of the font's size.
 */
const FONT_PX = 14;
const groups = {
  191: "'",
  222: 'ijl',
  278: ' ,./:;!ftI',
  333: 'r-()“”',
  389: '*',
  500: 'ckszvxyJ',
  556: 'abdeghnopquL0123456789?',
  584: '+=<>',
  611: 'FTZ',
  667: 'ABEKPSVXY&',
  722: 'wCDHNRU',
  778: 'GOQ',
  833: 'mM',
  889: '%',
  944: 'W',
  1000: '—',
};
const WIDTHS = new Map(
  Object.entries(groups).flatMap(([width, letters]) => [...letters].map((letter) => [letter, Number(width)])),
);
/** Of a letter that is in no table. */
const WIDEST = 1000;

/** The width of a text in px. */
export function labelWidth(text) {
  const sum = [...text].reduce((total, letter) => total + (WIDTHS.get(letter) ?? WIDEST), 0);
  return (sum / 1000) * FONT_PX;
}

/** The width of a node in px, as the editor makes it: a multiple of 20, and 7 px more where it has an input. */
export function nodeWidth(label, hasInput) {
  return Math.max(100, 20 * Math.ceil((labelWidth(label) + 50 + (hasInput ? 7 : 0)) / 20));
}
