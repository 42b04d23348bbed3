import type { Fields } from '../../lib/rules/compile.ts';
import { STATUS_FAULT } from '../../lib/status.ts';
import { membersOf } from './judge/judge.ts';

/** Their states follow other nodes' states: an alert about those would never come to rest. */
const FOLLOWERS: ReadonlySet<unknown> = new Set(['alert', 'record-filter']);

/** Blue is what goes on, such as connecting: neither well nor ill. */
const STATES: { readonly [fill: string]: string } = { green: 'ok', grey: 'ok', yellow: 'warning', red: 'fault' };

/** A msg of a Status or a Catch node as a record; undefined for any other, and for nodes that follow others. */
export function recordOfReport(msg: unknown, nowMs: number): Fields | undefined {
  const { status, error } = membersOf(msg);
  const isStatus = hasSource(status);
  if (!isStatus && !hasSource(error)) return undefined;
  const report = membersOf(isStatus ? status : error);
  const { id, type, name } = membersOf(report.source);
  if (FOLLOWERS.has(type)) return undefined;
  const label = textOf(name) || textOf(type) || textOf(id);
  const about = { time: new Date(nowMs).toISOString(), node_id: textOf(id), node_type: textOf(type), node_name: label };
  // Node-RED writes the class of an error before its words.
  const text = isStatus ? textOf(report.text) : textOf(report.message).replace(/^Error: /, '');
  const message = text === '' ? label : `${label}: ${text}`;
  if (isStatus) {
    const { fill } = report;
    // A status that is cleared says that there is nothing to say any more.
    const state = fill === undefined || fill === '' ? 'ok' : STATES[String(fill)];
    return { message, ...about, ...(state !== undefined && { node_state: state }) };
  }
  const code = textOf(report.code) || textOf(membersOf(report.cause).code);
  const isOfStatus = typeof msg === 'object' && msg !== null && Reflect.get(msg, STATUS_FAULT) === true;
  const state = isOfStatus ? { node_state: 'fault' } : {};
  return { message, ...about, ...state, error_message: text, ...(code !== '' && { error_code: code }) };
}

/** What the flows have of a node. */
export interface ReportedNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
}

/** The nodes that stand in the flows and are not disabled; `eachNode` shows them, as Node-RED's does. */
export function reportedNodes(
  eachNode: (visit: (node: ReportedNode & { readonly d?: boolean }) => void) => void,
): ReportedNode[] {
  const nodes: ReportedNode[] = [];
  eachNode((node) => {
    if (node.d !== true) nodes.push(node);
  });
  return nodes;
}

/** Whether no node is left that a record is about: neither itself nor another one of its name and type. */
export function isOfGoneNode({ node_id, node_type, node_name }: Fields, nodes: readonly ReportedNode[]): boolean {
  if (node_id === undefined) return false;
  return !nodes.some(({ id, type, name }) => id === node_id || (type === node_type && (name || type) === node_name));
}

/** Whether a msg is a report of a Status or a Catch node. */
export function isReport(msg: unknown): boolean {
  const { status, error } = membersOf(msg);
  return hasSource(status) || hasSource(error);
}

function hasSource(value: unknown): boolean {
  return typeof membersOf(membersOf(value).source).type === 'string';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The payload of a msg as a record: an object is one, a text is its message, a number its value. */
export function recordOfPayload(payload: unknown): Fields | undefined {
  if (typeof payload === 'string') return { message: payload };
  if (typeof payload === 'number' || typeof payload === 'boolean') return { payload };
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  return payload as Fields;
}
