import { readFile } from 'node:fs/promises';
import { ownContainer, ownPodContainer } from '../docker/own-container.ts';

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}

/** The id of the container that this process runs in, or undefined. */
export async function findOwnContainer(): Promise<string | undefined> {
  return ownContainer(await readOrEmpty('/proc/self/mountinfo'), await readOrEmpty('/proc/self/cgroup'));
}

/** The container of a pod that this process runs in, as `<uid>/<container>`, or undefined. */
export async function findOwnPodContainer(): Promise<string | undefined> {
  return ownPodContainer(await readOrEmpty('/proc/self/mountinfo'));
}
