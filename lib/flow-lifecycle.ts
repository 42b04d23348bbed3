import { type Events, listenTogether } from './shared-listener.ts';

const STARTED = 'flows:started';

/**
 * Calls `start` once all flows run: what a source sends from its constructor goes to nodes that do not exist yet, and
 * Node-RED drops it in silence. What `start` throws goes to `failed`: it must keep neither the others from starting nor
 * Node-RED from running. Returns a function that calls it off.
 */
export function onFlowsStarted(events: Events, start: () => void, failed: (error: unknown) => void): () => void {
  const stop = listenTogether(events, STARTED, () => {
    stop();
    try {
      start();
    } catch (error) {
      failed(error);
    }
  });
  return stop;
}

/** Calls `hear` each time that flows were deployed and run. Returns a function that stops it. */
export function onEveryDeploy(events: Events, hear: () => void): () => void {
  return listenTogether(events, STARTED, hear);
}

/** Goes through the configuration of all nodes; `eachNode` is that of `RED.nodes`. */
export type EachNode = (hear: (node: { id: string }) => void) => void;

/** The part of a Node-RED node that closes. */
export interface ClosingNode {
  readonly id: string;
  on(event: 'close', listener: (isRemoved: boolean, done: () => void) => void): unknown;
}

/**
 * Ends a node that keeps a state: `stop` when it closes, and then the state goes where the node was deleted. What fails
 * there stops no deploy.
 */
export function closeWithState(
  node: ClosingNode,
  eachNode: EachNode,
  state: { remove(): Promise<void> },
  stop: () => Promise<void>,
): void {
  const end = async (isDeleted: boolean): Promise<void> => {
    await attempt(stop);
    if (isDeleted) await attempt(() => state.remove());
  };
  node.on('close', (isRemoved, done) => {
    void end(isRemoved && !isConfigured(node.id, eachNode)).then(done);
  });
}

async function attempt(job: () => Promise<void>): Promise<void> {
  try {
    await job();
  } catch {}
}

/** Whether a node stands in the flows. Node-RED says "removed" also of one that was disabled, and may come back. */
export function isConfigured(id: string, eachNode: EachNode): boolean {
  let isFound = false;
  eachNode((node) => {
    isFound ||= node.id === id;
  });
  return isFound;
}
