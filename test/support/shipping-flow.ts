import type { TestContext } from 'node:test';
import { type Receiver, receiveTcp } from './graylog.ts';
import { type RunningNodeRed, startNodeRed } from './node-red.ts';

/** A node of a flow; its `credentials` are what the editor sends beside its properties. */
export type FlowNode = { id: string; credentials?: object; [property: string]: unknown };

export interface ShippingFlow {
  readonly red: RunningNodeRed;
  /** Deploys the flow with the `graylog-server` that records go to, and the config nodes it names. */
  deploy(server: object, ...others: FlowNode[]): Promise<void>;
  /** Hands records with the numbers `from` to `to` (without it) to `graylog-out`. */
  ship(from: number, to: number): Promise<void>;
  /** Waits until the status of `graylog-out` fits, and gives it. */
  status(pattern: RegExp): Promise<string>;
}

/** A flow in a Node-RED process: HTTP to `graylog-out`, whose status goes to a Graylog of its own. */
export async function startShipping(t: TestContext): Promise<ShippingFlow> {
  const told: Receiver = await receiveTcp(t);
  const red = await startNodeRed(t, { flow: [] });
  let deployments = 0;
  const asJson = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    red,
    async deploy(server, ...others) {
      deployments += 1;
      const node = { id: 'server1', type: 'graylog-server', ...server };
      await red.api('/flows', asJson([...flow(told.port), node, ...others]));
      // The answer comes before the new flows have started; the first start is that of the empty flow.
      await red.logged(new RegExp(`(Started flows[\\s\\S]*){${deployments + 1}}`));
    },
    async ship(from, to) {
      const records = Array.from({ length: to - from }, (_, i) => ({ message: `line ${from + i}`, n: from + i }));
      await red.api('/ship', asJson(records));
    },
    async status(pattern) {
      const document = await told.find(({ short_message: text }) => pattern.test(String(text)));
      return String(document.short_message);
    },
  };
}

function flow(toldPort: number): FlowNode[] {
  const rule = { t: 'set', p: 'payload', pt: 'msg', to: 'status.text', tot: 'msg' };
  const nodes: FlowNode[] = [
    { id: 'in1', type: 'http in', url: '/ship', method: 'post', wires: [['split1', 'answer1']] },
    { id: 'answer1', type: 'http response', wires: [] },
    { id: 'split1', type: 'split', arraySplt: 1, arraySpltType: 'len', wires: [['out1']] },
    { id: 'out1', type: 'graylog-out', server: 'server1', port: '', wires: [] },
    { id: 'status1', type: 'status', scope: ['out1'], wires: [['change1']] },
    { id: 'change1', type: 'change', rules: [rule], wires: [['out2']] },
    { id: 'out2', type: 'graylog-out', server: 'server2', port: '', wires: [] },
  ];
  return [
    { id: 'tab1', type: 'tab', label: 'Flow' },
    // Without a place in the workspace Node-RED takes a node for a config node.
    ...nodes.map((node) => ({ ...node, z: 'tab1', x: 0, y: 0 })),
    { id: 'server2', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${toldPort}`, host: 'test' },
  ];
}
