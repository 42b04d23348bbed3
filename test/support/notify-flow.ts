import type { ChatService } from './chat-services.ts';
import { PATIENCE_MS } from './until.ts';

/** A flow with a `notify` of `ALERT_WEBHOOK_URL`, and with an HTTP entry that hands whole msgs to it. */
export function notifyFlow(service: ChatService, more: object = {}): object[] {
  const nodes = [
    { id: 'in', z: 'tab', type: 'http in', url: '/msg', method: 'post', wires: [['unpack']] },
    {
      ...{ id: 'unpack', z: 'tab', type: 'function', func: 'return { ...msg, ...msg.payload };', outputs: 1 },
      wires: [['notify']],
    },
    { id: 'done', z: 'tab', type: 'complete', scope: ['notify'], wires: [['answer']] },
    { id: 'answer', z: 'tab', type: 'http response', statusCode: '204', wires: [] },
    { id: 'errors', z: 'tab', type: 'catch', scope: null, wires: [['log']] },
    {
      id: 'log',
      z: 'tab',
      type: 'debug',
      console: true,
      tosidebar: false,
      complete: 'error.message',
      targetType: 'msg',
      wires: [],
    },
    {
      ...{ id: 'notify', z: 'tab', type: 'notify', name: '', service: service.kind, chat: service.chat },
      ...{ collectSeconds: '0', wires: [] },
      ...more,
    },
  ];
  return [{ id: 'tab', type: 'tab', label: 'Flow' }, ...nodes.map((node) => ({ ...node, x: 0, y: 0 }))];
}

/** Hands a msg to the flow; resolves when the `notify` is done with it. */
export async function handOver(url: string, msg: object): Promise<void> {
  const response = await fetch(`${url}/msg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(msg),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status !== 204) throw new Error(`the flow answered ${response.status}`);
}
