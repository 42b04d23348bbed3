import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An image with busybox alone, imported from a tar: no registry is asked. */
export const BUSYBOX_IMAGE = 'infra-monitoring-test:busybox';

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox', '/usr/lib/busybox/busybox-static'];
const TOOLS = 'sh echo cat seq sleep yes head tail printf true false date dd tr stty wc'.split(' ');

function busybox(): string | undefined {
  return BUSYBOX.find((path) => existsSync(path));
}

/** What this machine lacks for the image, or undefined. */
export function missingForImage(): string | undefined {
  return busybox() === undefined ? 'there is no static busybox for the test image' : undefined;
}

/** Makes the file system of the image as a tar in `folder`, and gives its path. */
export async function imageTar(folder: string): Promise<string> {
  const source = busybox();
  if (source === undefined) throw new Error('there is no static busybox');
  const bin = join(folder, 'image', 'bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, 'image', 'tmp'));
  copyFileSync(source, join(bin, 'busybox'));
  for (const tool of TOOLS) symlinkSync('busybox', join(bin, tool));
  const tar = join(folder, 'image.tar');
  await run('tar', ['-C', join(folder, 'image'), '-cf', tar, '.']);
  return tar;
}
