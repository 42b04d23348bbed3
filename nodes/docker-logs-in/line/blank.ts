/**
 * Whether Graylog would drop a message that is only this: it holds nothing but what Java or JavaScript calls white space
 * (`StringUtils.isBlank()`; Java counts U+001C to U+001F too).
 */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Java calls white space
const BLANK = /^[\s\u001c-\u001f]*$/;
