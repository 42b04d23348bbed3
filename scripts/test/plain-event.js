import { inspect } from 'node:util';

const TOLD = new Set(['test:pass', 'test:fail', 'test:stdout', 'test:stderr']);

/** What is told of an event of `node:test`, as JSON has it; undefined for one of which nothing is. */
export function plainEvent({ type, data }) {
  if (!TOLD.has(type)) return undefined;
  const { name, nesting, file, skip, todo, message, details } = data;
  return { type, data: { name, nesting, file, skip, todo, message, details: details && plainDetails(details) } };
}

function plainDetails({ type, duration_ms: durationMs, error }) {
  return { type, durationMs, failureType: error?.failureType, fault: error === undefined ? undefined : textOf(error) };
}

/** What the test threw, without the wrapper and the stack frames of node:test. */
function textOf(error) {
  const thrown = error?.cause ?? error;
  const text = typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 6, breakLength: 120 });
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:(internal|async_hooks)/.test(line))
    .join('\n');
}
