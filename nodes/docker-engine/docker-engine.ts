import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { EngineAccess } from '../../lib/docker/engine.ts';
import { environmentOf } from '../../lib/environment.ts';
import { registerFaultRoute } from '../../lib/fault-route.ts';
import { PodLogs } from '../../lib/io/pods/pod-logs.ts';
import type { FaultyNode, Translate } from '../../lib/status.ts';
import type { DockerEngineClient } from './io/client.ts';
import { openClient } from './io/open-client.ts';
import { explainEngineError, explainPodsError } from './reasons.ts';
import { registerRoutes } from './routes.ts';

interface DockerEngineConfig extends NodeDef {
  host: string;
  tls: string;
}

export default function register(RED: NodeAPI): void {
  const translate: Translate = (key, args) => RED._(key, args);
  const explainEngine = (error: unknown): string => explainEngineError(error, translate);
  const explainPods = (error: unknown, place: string): string => explainPodsError(error, place, translate);

  function DockerEngineNode(this: Node, config: DockerEngineConfig): void {
    RED.nodes.createNode(this, config);
    let client: DockerEngineClient | undefined;
    let pods: PodLogs | undefined;
    let fault: string | undefined;
    try {
      const opened = openClient(config, RED.nodes, environmentOf(RED.util, this));
      client = opened.client;
      if (opened.pods !== undefined) pods = new PodLogs(opened.pods);
      if (opened.fault !== undefined) fault = RED._(`docker-engine.fault.${opened.fault}`, { address: opened.address });
    } catch (error) {
      fault = explainEngine(error);
    }
    const explain = (error: unknown): string =>
      pods === undefined ? explainEngine(error) : explainPods(error, pods.place);
    Object.assign(this, { client, pods, fault, explain, presentFault: () => fault } satisfies EngineAccess &
      FaultyNode);
    this.on('close', () => {
      client?.close();
      pods?.close();
    });
  }
  registerFaultRoute(RED, 'docker-engine');
  RED.nodes.registerType('docker-engine', DockerEngineNode);
  registerRoutes(RED, explainEngine, explainPods);
}
