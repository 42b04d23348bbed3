/** What of a key stands in a status, in characters: the room under a node is narrow. */
const CUT = '…';

/** The text where it has at most `most` characters, else its two ends with … between. */
export function fitted(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  const tail = Math.max(0, most - 1 - head);
  return `${characters.slice(0, head).join('')}${CUT}${tail === 0 ? '' : characters.slice(-tail).join('')}`;
}
