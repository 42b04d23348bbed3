import { asObject, asText } from '../../lib/docker/json.ts';

/** The head of an HTTP response, as text without the empty line that ends it. Source: RFC 9112, sections 4 and 6.1. */
export interface ResponseHead {
  readonly status: number;
  /** The body comes in chunks. */
  readonly isChunked: boolean;
}

/** Undefined where the text is no such head. */
export function parseResponseHead(text: string): ResponseHead | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (status === undefined) return undefined;
  return { status: Number(status), isChunked: /^transfer-encoding:.*chunked/im.test(text) };
}

/** The longest words that people are shown, in characters. */
const LONGEST_WORDS = 500;

/**
 * The engine's own words in the body of a refusal. Undefined where it is that of something between, such as a proxy: a page
 * for a browser says neither what was refused nor what to do.
 */
export function wordsOfRefusal(body: string): string | undefined {
  const words = engineWords(body);
  return words !== undefined && words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
}

function engineWords(body: string): string | undefined {
  try {
    return asText(asObject(JSON.parse(body))?.message);
  } catch {
    return undefined;
  }
}
