import { readFileSync } from 'node:fs';
import type { NodeMessageInFlow } from 'node-red';
import { explain } from '../../lib/errors.ts';
import type { InfraRecord } from '../../lib/record.ts';
import type { RunningFlow } from './flow.ts';
import { PATIENCE_MS, until } from './until.ts';

const WORDS: { readonly [code: string]: string } = JSON.parse(
  readFileSync(new URL('../../lib/locales/en-US/errors.json', import.meta.url), 'utf8'),
);

/** An error in the words that people see where a node has none of its own. */
export function wordsOf(error: unknown): string {
  return explain(error, (key, args = {}) =>
    (WORDS[key.slice('error.'.length)] ?? key).replace(/__(\w+)__/g, (_, name: string) => String(args[name])),
  );
}

interface Status {
  fill?: string;
  text?: string;
}

interface StatusCall {
  thisValue: unknown;
  args: [Status];
}

/** The status that a node showed last. The text is the key of the catalogue: the test's runtime loads none. */
export function statusOf(flow: RunningFlow, id: string): Status {
  const node = flow.node(id);
  // The helper watches the method of all nodes at once.
  const { status } = node as unknown as { status: { getCalls(): StatusCall[] } };
  return status.getCalls().findLast(({ thisValue }) => thisValue === node)?.args[0] ?? {};
}

/** Waits until a node shows a green status. */
export async function whenConnected(flow: RunningFlow, id: string, deadlineMs = PATIENCE_MS): Promise<void> {
  await until(
    () => statusOf(flow, id).fill === 'green',
    deadlineMs,
    () => `${id} shows ${statusOf(flow, id).text}`,
  );
}

/** Waits until the text of a node's status fits. */
export async function whenStatus(
  flow: RunningFlow,
  id: string,
  pattern: RegExp,
  deadlineMs = PATIENCE_MS,
): Promise<void> {
  await until(
    () => pattern.test(statusOf(flow, id).text ?? ''),
    deadlineMs,
    () => `${id} shows ${statusOf(flow, id).text}, not ${pattern}`,
  );
}

/** Collects every msg that a `helper` node receives from now on. */
export function collect<T = NodeMessageInFlow>(flow: RunningFlow, id: string): T[] {
  const heard: T[] = [];
  flow.node(id).on('input', (msg) => heard.push(msg as T));
  return heard;
}

export function recordsOf(messages: readonly { payload?: unknown }[]): InfraRecord[] {
  return messages.map(({ payload }) => payload as InfraRecord);
}
