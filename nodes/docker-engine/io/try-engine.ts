import type { ContainerSummary } from '../../../lib/docker/api.ts';
import { type DockerClient, refusal } from '../../../lib/docker/client.ts';
import { inspectContainer, listContainers } from '../../../lib/docker/containers.ts';
import { engineTime } from '../../../lib/docker/engine.ts';
import { wait } from '../../../lib/io/wait.ts';

/** What is quiet may have no headers yet (Podman 5.2): a refusal comes at once. In milliseconds. */
const HEADERS_MS = 1_000;

/** What a proxy answers to a path that it does not let through. A log driver that cannot be read is the container's business. */
const FORBIDDEN = [401, 403, 405];

/** Opens a stream and ends it. Rejects where it is refused. */
async function tryStream(opened: (signal: AbortSignal) => Promise<{ destroy(): unknown }>): Promise<void> {
  const controller = new AbortController();
  const opening = opened(controller.signal);
  try {
    await Promise.race([opening, wait(HEADERS_MS, controller.signal)]);
  } finally {
    controller.abort();
    opening.then(
      (body) => body.destroy(),
      () => undefined,
    );
  }
}

async function tryContainer(client: DockerClient, id: string): Promise<void> {
  const path = `/containers/${encodeURIComponent(id)}/logs`;
  const query = { stdout: true, stderr: true, timestamps: true, tail: 1, follow: true };
  try {
    await inspectContainer(client, id);
    await tryStream((signal) => client.plainStream(path, query, signal));
  } catch (error) {
    if (FORBIDDEN.includes(refusal(error) ?? 0)) throw error;
  }
}

/**
 * Asks an engine everything that the nodes will ask it, so that what a proxy keeps back is known before it is missed. Gives
 * its containers. Rejects with the first refusal, or as the client does.
 */
export async function tryEngine(client: DockerClient): Promise<ContainerSummary[]> {
  const containers = await listContainers(client);
  await engineTime(client, Date.now);
  await tryStream((signal) => client.stream('/events', { filters: '{"type":["container"]}' }, signal));
  const one = containers.find(({ State }) => State === 'running') ?? containers[0];
  if (one !== undefined) await tryContainer(client, one.Id);
  return containers;
}
