import type { IncomingMessage } from 'node:http';

export interface Posted {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | object;
}

/** A request that a service takes. */
interface Taken {
  /** The message as people read it. */
  readonly shown: string;
  /** What the service would act on in it. */
  readonly breaches: readonly string[];
  readonly answer: ServiceAnswer;
}

/** What a service makes of a request; without `shown` it refuses it. */
export type Judged = Taken | { readonly answer: ServiceAnswer };

export const json = (status: number, body: object): ServiceAnswer => ({ status, body });

export function parsed(body: string): { [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

export const isWellFormed = (text: string): boolean => text.isWellFormed();

/** What no message may hold, whatever the service. */
export function steering(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const found = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/.exec(text);
  const faults = found === null ? [] : [`steers: ${JSON.stringify(found[0])}`];
  return isWellFormed(text) ? faults : [...faults, 'half a surrogate pair'];
}

export function mentions(text: string): string[] {
  const found = /@(?:everyone|here|all|channel|\w)/i.exec(text);
  return found === null ? [] : [`mentions: ${found[0]}`];
}

/** Text without its backslashes, and what of it is markup. */
export function unescaped(text: string, markup: RegExp): { shown: string; breaches: string[] } {
  const held: string[] = [];
  const bare = text.replace(/\\([!-/:-@[-`{-~])/g, (_, character: string) => `\ue000${held.push(character) - 1}\ue001`);
  const found = markup.exec(bare);
  const shown = bare.replace(/\ue000(\d+)\ue001/g, (_, index: string) => held[Number(index)] ?? '');
  return { shown, breaches: found === null ? [] : [`markup: ${found[0]} in ${JSON.stringify(bare.slice(0, 200))}`] };
}
