import type { EachNode } from '../../lib/flow-lifecycle.ts';

/** A node as it stands in the flows; `d` where it is disabled. */
interface ConfiguredNode {
  readonly id: string;
  readonly z?: string;
  readonly d?: boolean;
  readonly disabled?: boolean;
}

/** The parts of `RED.nodes` that tell of other nodes. */
export interface NodeLookup {
  getNode(id: string): unknown;
  readonly eachNode: EachNode;
}

/**
 * Tells of nodes whether they are gone: in no flow any more, or disabled, alone or with their tab. One that stands in a flow
 * and only failed to start is not gone. A node of a subflow has the ids of its instances before its own, each with a hyphen.
 */
export function goneTest(nodes: NodeLookup): (id: string) => boolean {
  const configured = new Map<string, ConfiguredNode>();
  nodes.eachNode((node) => configured.set(node.id, node));
  const isOff = (node: ConfiguredNode | undefined): boolean => {
    if (node === undefined || node.d === true || node.disabled === true) return true;
    const holder = node.z === undefined || node.z === '' ? undefined : configured.get(node.z);
    return holder !== undefined && holder !== node && isOff(holder);
  };
  return (id) => {
    const running = nodes.getNode(id);
    if (running !== null && running !== undefined) return false;
    return configured.has(id) ? isOff(configured.get(id)) : id.split('-').some((part) => isOff(configured.get(part)));
  };
}
