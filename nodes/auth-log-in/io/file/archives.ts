import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fitsPattern, parseRotationConfig, type RotationBlock } from '../../file/logrotate-config.ts';

/** The folders into which logrotate of the host whose `/` is at `hostRoot` moves rotated files of the log. Never throws. */
export function findArchives(logPath: string, hostRoot: string): string[] {
  const found = new Set<string>();
  const blocks = readBlocks(hostRoot);
  for (const path of new Set([logPath, realOf(logPath)])) {
    const hostPath = resolve('/', relative(hostRoot, path));
    for (const { patterns, oldDir } of blocks) {
      if (oldDir === undefined || !patterns.some((pattern) => fitsPattern(pattern, hostPath))) continue;
      found.add(join(hostRoot, isAbsolute(oldDir) ? oldDir : join(dirname(hostPath), oldDir)));
    }
  }
  return [...found];
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Blocks of `/etc/logrotate.conf` and of the files of `/etc/logrotate.d`, which it includes everywhere. */
function readBlocks(hostRoot: string): RotationBlock[] {
  const main = parseRotationConfig(read(join(hostRoot, 'etc/logrotate.conf')));
  const folder = join(hostRoot, 'etc/logrotate.d');
  const blocks = [...main.blocks];
  for (const name of names(folder)) blocks.push(...parseRotationConfig(read(join(folder, name)), main.oldDir).blocks);
  return blocks;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
