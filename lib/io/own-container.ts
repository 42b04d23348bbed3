import { readFile } from 'node:fs/promises';
import { ownContainer } from '../docker/own-container.ts';

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
