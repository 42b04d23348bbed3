import type { NodeAPI } from 'node-red';
import { type AdminRequest, adminRoute, quoted } from '../../lib/admin-route.ts';
import type { ContainerSummary } from '../../lib/docker/api.ts';
import type { DockerClient } from '../../lib/docker/client.ts';
import { listContainers } from '../../lib/docker/containers.ts';
import { findEngine } from '../../lib/docker/engine.ts';
import { ImageNames } from '../../lib/docker/identity.ts';
import { asObject } from '../../lib/docker/json.ts';
import { dialogValue } from '../../lib/environment.ts';
import { choicesOf, podChoices } from './choices.ts';
import type { DockerEngineClient } from './io/client.ts';
import { openClient } from './io/open-client.ts';
import { readPods } from './io/read-pods.ts';
import { tryEngine } from './io/try-engine.ts';
import { podsResult, testResult } from './test-result.ts';

/** How long the Test button and the lists of a dialog wait for the engine, in milliseconds. */
const DIALOG_MS = 8_000;

/** All containers, with the names of their images also where a tag has moved. */
async function listNamed(client: DockerClient): Promise<ContainerSummary[]> {
  return new ImageNames(client).nameAll(await listContainers(client));
}

/** The routes of the dialogs: the Test button of this node, and what the nodes that use it offer to pick from. */
export function registerRoutes(
  RED: NodeAPI,
  explain: (error: unknown) => string,
  explainPods: (error: unknown, place: string) => string,
): void {
  const variable = (name: string): string | undefined => process.env[name];

  adminRoute(RED, {
    method: 'post',
    path: '/infra-monitoring/docker-engine/test',
    permission: 'docker-engine.write',
    async answer({ body }) {
      const { host, tls } = asObject(body) ?? {};
      let client: DockerEngineClient | undefined;
      let pods: string | undefined;
      try {
        const opened = openClient(
          { host: dialogValue(host, variable, ['DOCKER_HOST']), tls },
          RED.nodes,
          variable,
          DIALOG_MS,
        );
        if (opened.fault !== undefined) {
          return { fault: RED._(`docker-engine.fault.${opened.fault}`, { address: opened.address }) };
        }
        if (opened.pods !== undefined) {
          pods = opened.pods;
          return podsResult(pods, await readPods(pods, DIALOG_MS));
        }
        client = opened.client;
        const version = await client.version();
        return testResult(client.place, version, await tryEngine(client));
      } catch (error) {
        const fault = pods === undefined ? explain(error) : explainPods(error, pods);
        return { place: client?.place, fault: quoted(fault) };
      } finally {
        client?.close();
      }
    },
  });

  const answerChoices =
    (withValues: boolean) =>
    async ({ params: { id = '' } }: AdminRequest): Promise<object> => {
      const { client, pods } = findEngine(RED.nodes, id) ?? {};
      try {
        if (pods !== undefined) return podChoices(await readPods(pods.place, DIALOG_MS));
        return choicesOf(client === undefined ? [] : await listNamed(client), withValues);
      } catch (error) {
        const fault = pods === undefined ? explain(error) : explainPods(error, pods.place);
        return { ...choicesOf([], withValues), fault: quoted(fault) };
      }
    };
  const path = '/infra-monitoring/docker-engine/choices/:id';
  adminRoute(RED, { method: 'get', path, permission: 'docker-engine.read', answer: answerChoices(false) });
  // The values of labels may be secrets: who may only read flows gets their names.
  adminRoute(RED, {
    method: 'get',
    path: `${path}/values`,
    permission: 'docker-engine.write',
    answer: answerChoices(true),
  });
}
