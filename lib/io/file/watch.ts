import { Tail } from 'tail';

/**
 * Tells that a file grew, moved or went, which `tail` does well. Its way of reading loses lines: it opens the file by
 * name for every block, so after a rotation it reads the new file at the offset of the old one; it jumps to the new end
 * when a file was cut; and it splits text instead of bytes. So this subclass only calls back on a change, and
 * open-log.ts reads the bytes from a descriptor that is held open.
 */
class ChangeWatcher extends Tail {
  readonly #changed: () => void;

  constructor(path: string, changed: () => void) {
    // With these options the constructor of the base class reads nothing.
    super(path, { nLines: 0, follow: false });
    this.#changed = changed;
    // The base class leaves its watcher without a listener: an error there would end the process.
    this.watcher?.on('error', () => this.unwatch());
    this.on('error', () => undefined);
  }

  protected override change(): void {
    // With other options the base class calls this from its constructor, before the field is there.
    if (#changed in this) this.#changed();
  }

  protected override rename(): void {
    this.#changed();
  }
}

/**
 * Calls `changed` when the file at `path` changes. Returns a function that ends it, or undefined where the system
 * cannot watch it (no inotify left, a network mount that refuses): then only looking again and again helps.
 */
export function watchFile(path: string, changed: () => void): (() => void) | undefined {
  try {
    const watcher = new ChangeWatcher(path, changed);
    return () => watcher.unwatch();
  } catch {
    return undefined;
  }
}
