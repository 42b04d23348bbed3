import { onEveryDeploy } from './flow-lifecycle.ts';
import { type FlowNode, goesNowhere } from './reach.ts';
import type { Events } from './shared-listener.ts';
import type { StatusReporter, Translate } from './status.ts';

/** The parts of `RED` that are needed. */
interface Runtime {
  readonly _: Translate;
  readonly events: Events;
  readonly nodes: { eachNode(hear: (node: FlowNode) => void): void };
}

interface WiredNode {
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Says in the status of a node that what it sends comes to nobody: it is wired to nothing, or to links without their other
 * end. Looks again after each deploy, as the other end may come or go while the node goes on running.
 */
export function tellNowhere(RED: Runtime, node: WiredNode, reporter: StatusReporter): void {
  const look = (): void => {
    const nodes = new Map<string, FlowNode>();
    RED.nodes.eachNode((one) => nodes.set(one.id, one));
    reporter.showNowhere(goesNowhere(wiresOf(node), nodes) ? RED._('wires.nowhere') : undefined);
  };
  node.on('close', onEveryDeploy(RED.events, look));
}

/** Whether anything is wired to an output of a node. */
export function isWired(node: object): boolean {
  return wiresOf(node).some((ends) => ends.length > 0);
}

/** Node-RED's types leave the wires out. */
function wiresOf(node: object): readonly (readonly string[])[] {
  const { wires = [] } = node as { wires?: readonly (readonly string[])[] };
  return wires;
}
