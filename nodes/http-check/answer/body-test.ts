import { reason } from '../../../lib/errors.ts';
import type { CheckSettings } from '../settings.ts';
import { documentOf, textMismatch } from './body-text.ts';
import type { BodyTest } from './result.ts';

/** The part of `RED.util` that evaluates JSONata; what it passes around is its own affair. */
export interface Jsonata {
  prepareJSONataExpression(expression: string, node: never): object;
  evaluateJSONataExpression(
    prepared: never,
    document: never,
    callback: (error: Error | null, value: unknown) => void,
  ): void;
}

type Evaluate = (document: unknown) => Promise<unknown>;

/** A function that evaluates the expression; undefined where it cannot be parsed. */
function compile(util: Jsonata, node: object, expression: string): Evaluate | undefined {
  try {
    const prepared = util.prepareJSONataExpression(expression, node as never);
    return (document) =>
      new Promise((resolve, reject) => {
        util.evaluateJSONataExpression(prepared as never, document as never, (error, value) =>
          error ? reject(error) : resolve(value),
        );
      });
  } catch {
    return undefined;
  }
}

/** The test of the body that the settings ask for; undefined where its expression cannot be parsed. */
export function bodyTestOf(util: Jsonata, node: object, settings: CheckSettings): BodyTest | undefined {
  const { matchType, match } = settings;
  if (matchType === 'none') return async () => undefined;
  const evaluate = matchType === 'jsonata' ? compile(util, node, match) : undefined;
  if (matchType === 'jsonata' && evaluate === undefined) return undefined;
  return async (text, { truncated }) => {
    if (text === undefined) return 'the body is not text';
    if (evaluate === undefined) return textMismatch(matchType, match, text);
    if (truncated === true) return 'the body is longer than the limit';
    try {
      return (await evaluate(documentOf(text))) === true ? undefined : `${match} is not true of the body`;
    } catch (error) {
      return `${match}: ${reason(error)}`;
    }
  };
}
