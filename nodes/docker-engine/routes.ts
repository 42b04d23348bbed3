import type { NodeAPI } from 'node-red';
import { listContainers } from '../../lib/docker/containers.ts';
import { findEngine } from '../../lib/docker/engine.ts';
import { asObject } from '../../lib/docker/json.ts';
import { dialogValue } from '../../lib/environment.ts';
import { choicesOf } from './choices.ts';
import type { DockerEngineClient } from './io/client.ts';
import { openClient } from './io/open-client.ts';
import { testResult } from './test-result.ts';

/** How long the Test button and the lists of a dialog wait for the engine, in milliseconds. */
const DIALOG_MS = 8_000;

interface ChoicesRequest {
  readonly params: { readonly id?: string | string[] };
}

interface ChoicesResponse {
  json(body: object): unknown;
}

/** The routes of the dialogs: the Test button of this node, and what the nodes that use it offer to pick from. */
export function registerRoutes(RED: NodeAPI, explain: (error: unknown) => string): void {
  const variable = (name: string): string | undefined => process.env[name];

  RED.httpAdmin.post(
    '/infra-monitoring/docker-engine/test',
    RED.auth.needsPermission('docker-engine.write'),
    async (request, response) => {
      // A form on a foreign page can send anything but JSON, and this starts ssh.
      if (!request.is('application/json')) {
        response.status(415).end();
        return;
      }
      const { host, tls } = asObject(request.body) ?? {};
      let client: DockerEngineClient | undefined;
      try {
        const opened = openClient({ host: dialogValue(host, variable), tls }, RED.nodes, variable, DIALOG_MS);
        if (opened.fault !== undefined) {
          response.json({ fault: RED._(`docker-engine.fault.${opened.fault}`, { address: opened.address }) });
          return;
        }
        client = opened.client;
        const version = await client.version();
        response.json(testResult(client.place, version, await listContainers(client)));
      } catch (error) {
        response.json({ place: client?.place, fault: explain(error) });
      } finally {
        client?.close();
      }
    },
  );

  const answerChoices =
    (withValues: boolean) =>
    async (request: ChoicesRequest, response: ChoicesResponse): Promise<void> => {
      const client = findEngine(RED.nodes, request.params.id)?.client;
      try {
        response.json(choicesOf(client === undefined ? [] : await listContainers(client), withValues));
      } catch (error) {
        response.json({ ...choicesOf([], withValues), fault: explain(error) });
      }
    };
  const choices = '/infra-monitoring/docker-engine/choices/:id';
  RED.httpAdmin.get(choices, RED.auth.needsPermission('docker-engine.read'), answerChoices(false));
  RED.httpAdmin.get(`${choices}/values`, RED.auth.needsPermission('docker-engine.write'), answerChoices(true));
}
