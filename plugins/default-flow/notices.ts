import type { FlowNode, FlowNodes } from '../../lib/reach.ts';
import type { Translate } from '../../lib/status.ts';
import { defaultFlows, FLOW_VERSION, versionsSince } from './flow-version.ts';
import { shippedTwice } from './shipped-twice.ts';

/** Under which topic the editor hears `{ notices }`. */
export const NOTICES_TOPIC = 'infra-monitoring/notices';

/** What people should know of the flows. */
export interface Notice {
  /** The same for the same thing: who does not want to see it again is not asked. */
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** What is to be said of the flows that run now. `translate` has the words of the plugin. */
export function noticesOf(nodes: FlowNodes, translate: Translate): Notice[] {
  return [outdated(nodes, translate), twice(nodes, translate)].filter((notice) => notice !== undefined);
}

function outdated(nodes: FlowNodes, translate: Translate): Notice | undefined {
  const tabs = defaultFlows(nodes.values()).filter(({ version }) => version < FLOW_VERSION);
  const oldest = tabs.sort((a, b) => a.version - b.version)[0];
  // Who has the newest one beside an older one is about to move.
  const hasNewest = defaultFlows(nodes.values()).some(({ version }) => version >= FLOW_VERSION);
  if (oldest === undefined || hasNewest) return undefined;
  const { label, version } = oldest;
  return {
    id: `outdated-${FLOW_VERSION}`,
    title: translate('default-flow.outdated.title', { label, version, newest: FLOW_VERSION }),
    lines: [
      ...versionsSince(version).map((one) => translate(`default-flow.change.${one}`)),
      translate('default-flow.outdated.how'),
    ],
  };
}

function twice(nodes: FlowNodes, translate: Translate): Notice | undefined {
  const found = shippedTwice(nodes);
  const [first] = found;
  if (first === undefined) return undefined;
  const types = [...new Set(found.map(({ type }) => type))].sort().join(', ');
  const [one, other] = first.tabs;
  return {
    id: `twice-${types}-${[one, other].sort().join('-')}`,
    title: translate('default-flow.twice.title', { types }),
    lines: [translate(`default-flow.twice.${first.isOneTab ? 'same' : 'tabs'}`, { one, other })],
  };
}

/** A notice in one line, for the log. */
export function lineOf({ title, lines }: Notice): string {
  return [title, ...lines].join(' ');
}

/** The nodes by their ids. */
export function nodesById(eachNode: (hear: (node: FlowNode) => void) => void): FlowNodes {
  const nodes = new Map<string, FlowNode>();
  eachNode((node) => nodes.set(node.id, node));
  return nodes;
}
