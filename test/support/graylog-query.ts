/** A document as Graylog has it: fields by name. */
export interface Stored {
  readonly [field: string]: string | number;
}

type Test = (document: Stored) => boolean;

/**
 * What a query of `graylog/` asks of a document: terms `field:value`, `field:(a OR b)`, `field:<=3`, `_exists_:field`, joined by AND,
 * OR and NOT. An empty one takes all. Throws at anything else.
 */
export function queryOf(text: string): Test {
  const tokens = text.match(/\(|\)|[^\s()]+/g) ?? [];
  if (tokens.length === 0) return () => true;
  const test = readOr(tokens, termOf);
  if (tokens.length > 0) throw new Error(`"${text}" goes on at ${tokens.join(' ')}`);
  return test;
}

function readOr(tokens: string[], leaf: (token: string, tokens: string[]) => Test): Test {
  const parts = [readAnd(tokens, leaf)];
  while (tokens[0] === 'OR') {
    tokens.shift();
    parts.push(readAnd(tokens, leaf));
  }
  return (document) => parts.some((part) => part(document));
}

function readAnd(tokens: string[], leaf: (token: string, tokens: string[]) => Test): Test {
  const parts = [readOne(tokens, leaf)];
  while (tokens[0] === 'AND') {
    tokens.shift();
    parts.push(readOne(tokens, leaf));
  }
  return (document) => parts.every((part) => part(document));
}

function readOne(tokens: string[], leaf: (token: string, tokens: string[]) => Test): Test {
  const token = tokens.shift();
  if (token === undefined) throw new Error('a query ends too early');
  if (token === 'NOT') {
    const inner = readOne(tokens, leaf);
    return (document) => !inner(document);
  }
  if (token !== '(') return leaf(token, tokens);
  const inner = readOr(tokens, leaf);
  if (tokens.shift() !== ')') throw new Error('a bracket is not closed');
  return inner;
}

function termOf(token: string, tokens: string[]): Test {
  const [, field, wanted] = /^(\w+):(.*)$/.exec(token) ?? [];
  if (field === undefined || wanted === undefined) throw new Error(`"${token}" is no term`);
  if (field === '_exists_') return (document) => document[wanted] !== undefined;
  if (wanted !== '') return isValue(field, wanted);
  if (tokens.shift() !== '(') throw new Error(`"${token}" has no value`);
  const inner = readOr(tokens, (value) => isValue(field, value));
  if (tokens.shift() !== ')') throw new Error('a bracket is not closed');
  return inner;
}

function isValue(field: string, wanted: string): Test {
  const [, comparison, limit] = /^(<=|>=)(\d+)$/.exec(wanted) ?? [];
  if (comparison === '<=') return (document) => Number(document[field]) <= Number(limit);
  if (comparison === '>=') return (document) => Number(document[field]) >= Number(limit);
  return (document) => String(document[field]) === wanted.replaceAll('"', '');
}
