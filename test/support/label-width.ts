/**
 * Widths of the small letters in Helvetica, in thousandths of the font's size (Adobe's AFM files). Arial and Liberation
 * Sans have the same. The editor asks for one of these; a machine that has none shows another, mostly wider.
 */
const WIDTHS: { [letter: string]: number } = {
  ...{ ' ': 278, a: 556, b: 556, c: 500, d: 556, e: 556, f: 278, g: 556, h: 556, i: 222, j: 222, k: 500, l: 222 },
  ...{ m: 833, n: 556, o: 556, p: 556, q: 556, r: 333, s: 500, t: 278, u: 556, v: 500, w: 722, x: 500, y: 500, z: 500 },
};

/** How wide small letters and spaces are in the editor's own font of `px` pixels, whatever fonts this machine has. */
export function labelWidth(label: string, px: number): number {
  return [...label].reduce((sum, letter) => sum + (WIDTHS[letter] ?? Number.NaN), 0) * (px / 1000);
}
