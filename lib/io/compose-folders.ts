import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderLookup } from '../docker/compose.ts';

/** Links may be changed by a deployment; a container starts more rarely. In milliseconds. */
const FRESH_MS = 10_000;
/** Labels name as many folders as somebody likes. */
const MOST_FOLDERS = 1_000;
/** As many as Linux follows. */
const MOST_LINKS = 40;
const MOST_OF_FILE = 256 * 1024;

/** The names that Compose looks for, in its order. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** Filesystems whose server may be gone: a look at one would hold the whole process up. */
const REMOTE = /^(?:nfs\d?|cifs|smb3|smbfs|9p|ceph|glusterfs|afs|autofs|fuse\..*|fuse)$/;

interface Remembered<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** Remembers what was found for a moment. */
class ShortMemory<T> {
  readonly #found = new Map<string, Remembered<T>>();

  get(key: string, find: () => T): T {
    const nowMs = performance.now();
    const known = this.#found.get(key);
    if (known !== undefined && known.untilMs > nowMs) return known.value;
    if (this.#found.size >= MOST_FOLDERS) this.#found.clear();
    const value = find();
    this.#found.set(key, { value, untilMs: nowMs + FRESH_MS });
    return value;
  }
}

function readText(path: string): string | undefined {
  try {
    // A pipe would be waited for.
    const found = statSync(path);
    return found.isFile() && found.size <= MOST_OF_FILE ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The mount points of this process that are of a remote filesystem. `mountinfo` is the text of the file in `/proc/self`. */
export function remoteMounts(mountinfo: string): string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const point = mount.split(' ')[4];
    const isRemote = point !== undefined && REMOTE.test(filesystem.split(' ', 1)[0] ?? '');
    return isRemote ? [point.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))] : [];
  });
}

/**
 * Folders on the engine's host, whose `/` is mounted at `root`: links there lead to places below it. Waits for no server: a
 * folder that lies on a remote filesystem is taken as its path says.
 */
export class ComposeFolders implements FolderLookup {
  readonly #root: string;
  readonly #real = new ShortMemory<string>();
  readonly #projects = new ShortMemory<string | undefined>();
  readonly #remote = new ShortMemory<string[]>();

  constructor(root: string) {
    this.#root = root;
  }

  real(folder: string): string {
    // A path of Windows has no links that this process could follow.
    return folder.startsWith('/') ? this.#real.get(folder, () => this.#follow(folder) ?? folder) : folder;
  }

  projectIn(folder: string): string | undefined {
    return this.#projects.get(folder, () => this.#projectIn(folder));
  }

  /** The folder without links in its path; undefined where that cannot be told. */
  #follow(folder: string): string | undefined {
    let parts: string[] = folder.split('/');
    let done: string[] = [];
    for (let links = 0; parts.length > 0; ) {
      const [part = '', ...rest] = parts;
      parts = rest;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        done = done.slice(0, -1);
        continue;
      }
      const path = `/${[...done, part].join('/')}`;
      if (this.#isRemote(path)) return undefined;
      const target = this.#linkAt(path);
      if (target === undefined) done = [...done, part];
      else {
        links += 1;
        if (links > MOST_LINKS) return undefined;
        if (target.startsWith('/')) done = [];
        parts = [...target.split('/'), ...parts];
      }
    }
    return `/${done.join('/')}`;
  }

  #linkAt(path: string): string | undefined {
    try {
      return readlinkSync(join(this.#root, path));
    } catch {
      // It is no link, is not there, or may not be seen.
      return undefined;
    }
  }

  #isRemote(path: string): boolean {
    const points = this.#remote.get('', () => remoteMounts(readText('/proc/self/mountinfo') ?? ''));
    return points.includes(join(this.#root, path));
  }

  /** As Compose finds it: the variable of its `.env`, then `name:` in the file. */
  #projectIn(folder: string): string | undefined {
    const real = this.#follow(folder);
    if (real === undefined) return undefined;
    const read = (name: string): string | undefined => readText(join(this.#root, real, name));
    const variable = /^\s*COMPOSE_PROJECT_NAME\s*=\s*["']?([a-z0-9][a-z0-9_-]*)["']?\s*$/m.exec(read('.env') ?? '');
    const file = COMPOSE_FILES.reduce<string | undefined>((text, name) => text ?? read(name), undefined);
    const named = /^name:\s*["']?([a-z0-9][a-z0-9_-]*)["']?\s*(?:#.*)?$/m.exec(file ?? '');
    return variable?.[1] ?? named?.[1];
  }
}
