/**
 * Graylog's decoder (Jackson) takes what JSON forbids: line breaks and other control characters inside of texts, and a
 * comma behind the last member. Gives the same as JSON.
 */
export function strictJson(text: string): string {
  const parts: string[] = [];
  let isInText = false;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isInText) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) isInText = false;
      else if (code < SPACE) {
        parts.push(text.slice(from, i), `\\u${code.toString(16).padStart(4, '0')}`);
        from = i + 1;
      }
    } else if (code === QUOTE) isInText = true;
    else if (code === COMMA && isLastComma(text, i)) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.join('');
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const SPACE = 32;

function isLastComma(text: string, comma: number): boolean {
  let i = comma + 1;
  while (text.charCodeAt(i) <= SPACE) i += 1;
  const next = text[i];
  return next === '}' || next === ']';
}
