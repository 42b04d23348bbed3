import type { Lookup } from './io/jsonata.ts';

type Got = (error: Error | null | undefined, value: unknown) => void;

interface Store {
  get(name: string, store: string | undefined, callback: Got): unknown;
}

/** What is needed of a Node-RED node. */
export interface ContextOwner {
  context(): { flow: Store; global: Store };
}

/** The part of `RED.util` that knows the variables of a node. */
interface SettingLookup {
  getSetting(node: object, name: string): unknown;
}

/** Answers what an expression of this node asks for, as Node-RED itself does. `util` is `RED.util`. */
export function expressionLookup(util: object, node: ContextOwner): Lookup {
  return async ({ of, name, store }) => {
    if (of === 'env') return (util as SettingLookup).getSetting(node, name) ?? '';
    return new Promise((resolve, reject) => {
      node.context()[of].get(name, store, (error, value) => (error ? reject(error) : resolve(value)));
    });
  };
}

/** The part of `RED.util` that parses JSONata. */
interface Parser {
  prepareJSONataExpression(expression: string, node: never): unknown;
}

/** Whether the expression can be parsed. */
export function isJsonata(util: Parser, node: object, expression: string): boolean {
  try {
    util.prepareJSONataExpression(expression, node as never);
    return true;
  } catch {
    return false;
  }
}
