/**
 * The version of the default flow. It is raised with every change of that flow that an operator should know of, and each
 * has its words in the catalogue, below `change`. The flow of version 0.1.0 of this package carries none: it is version 1.
 */
export const FLOW_VERSION = 2;

/** The variable of a tab that says which version of the default flow it is. An export keeps it, and so does a change by hand. */
const VERSION_VARIABLE = 'MONITORING_FLOW';

const FIRST_TAB = { id: 'infra0000000tab', label: 'Infrastructure monitoring' };
const LONGEST_LABEL = 80;

/** A tab that holds the default flow, as it came or changed by hand. */
export interface DefaultFlow {
  readonly id: string;
  readonly label: string;
  readonly version: number;
}

/** The default flows among the nodes of a flow file, which may hold anything. */
export function defaultFlows(nodes: Iterable<unknown>): DefaultFlow[] {
  const found: DefaultFlow[] = [];
  for (const node of nodes) {
    if (typeof node !== 'object' || node === null) continue;
    const { id, type, label, env } = node as { [name: string]: unknown };
    if (type !== 'tab' || typeof id !== 'string') continue;
    const version = markedVersion(env) ?? (id === FIRST_TAB.id || label === FIRST_TAB.label ? 1 : undefined);
    if (version !== undefined) found.push({ id, label: String(label ?? '').slice(0, LONGEST_LABEL), version });
  }
  return found;
}

function markedVersion(env: unknown): number | undefined {
  if (!Array.isArray(env)) return undefined;
  const mark = env.find((one) => one?.name === VERSION_VARIABLE);
  if (mark === undefined) return undefined;
  const version = Number(mark.value);
  return Number.isSafeInteger(version) && version > 0 ? version : undefined;
}

/** The versions after `version`, up to the one of this package. */
export function versionsSince(version: number): number[] {
  const count = Math.max(0, FLOW_VERSION - version);
  return Array.from({ length: count }, (_, index) => version + 1 + index);
}
