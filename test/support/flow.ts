import { type EventEmitter, on, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { PATIENCE_MS } from './until.ts';

type Register = (RED: NodeAPI) => unknown;

/** What of the flows a deploy starts anew. */
export type DeployType = 'full' | 'nodes';

interface Helper {
  init(runtime: string, settings: object): void;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  load(nodes: Register[], flow: object[], credentials?: object): Promise<void>;
  unload(): Promise<void>;
  setFlows(flow: object[], type?: DeployType): Promise<void>;
  getNode(id: string): Node | null;
  request(): unknown;
  clearFlows(): Promise<void>;
}

const require = createRequire(import.meta.url);
const helper = require('node-red-node-test-helper') as Helper;

/** A flow on the real Node-RED runtime in this process; one at a time. */
export interface RunningFlow {
  readonly userDir: string;
  node(id: string): Node;
  /** The next msg that the `helper` node receives. */
  next(id: string): Promise<NodeMessageInFlow>;
  /** The next msg that the `helper` node receives from a Catch node with an error that fits. */
  nextError(id: string, pattern: RegExp): Promise<NodeMessageInFlow>;
  /** `nodes` leaves the nodes running that are as they were. */
  redeploy(flow: object[], type?: DeployType): Promise<void>;
  stop(): Promise<void>;
}

export interface FlowOptions {
  userDir?: string;
  credentials?: object;
}

const { events } = require('node-red') as { events: EventEmitter };

/** The helper waits 0.3 s for flows to start, which a loaded machine misses. */
function ignoreLateness(error: unknown): void {
  if (!/timeout waiting event/.test(String(error))) throw error;
}

/**
 * Loads `flow` with the given nodes; nodes of type `helper` are ends to listen at. It is unloaded when the test ends.
 * Core nodes other than catch, status and complete are given as `require('@node-red/nodes/core/…')`.
 */
export async function runFlow(
  t: TestContext,
  nodes: Register[],
  flow: object[],
  options: FlowOptions = {},
): Promise<RunningFlow> {
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  helper.init(require.resolve('node-red'), { userDir, logging: { console: { level: 'off' } } });
  await helper.startServer();
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await helper.unload();
    await helper.stopServer();
    if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true });
  };
  t.after(stop);
  await helper.load(nodes, flow, options.credentials ?? {});

  const node = (id: string): Node => {
    const found = helper.getNode(id);
    if (found === null || found === undefined) throw new Error(`no node ${id} in the flow`);
    return found;
  };
  return {
    userDir,
    node,
    async next(id) {
      const [msg] = await once(node(id), 'input', { signal: AbortSignal.timeout(PATIENCE_MS) });
      return msg as NodeMessageInFlow;
    },
    async nextError(id, pattern) {
      for await (const [msg] of on(node(id), 'input', { signal: AbortSignal.timeout(PATIENCE_MS) }))
        if (pattern.test(msg.error.message)) return msg as NodeMessageInFlow;
      throw new Error('no more msgs');
    },
    async redeploy(next, type = 'full') {
      const started = once(events, 'flows:started', { signal: AbortSignal.timeout(PATIENCE_MS) });
      await Promise.all([started, helper.setFlows(next, type).catch(ignoreLateness)]);
    },
    stop,
  };
}
