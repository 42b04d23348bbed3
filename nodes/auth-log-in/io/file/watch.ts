import { Tail } from 'tail';

/**
 * Being told that a file grew, moved or went, which `tail` does well. Its reading cannot be wrapped into something
 * lossless: it opens the file by name for every block, so after a rotation it reads the new file at the old one's
 * offset, it jumps to the new end when a file was cut, and it splits text instead of bytes. So the class is subclassed:
 * what it would do on a change is replaced by a call, and the bytes are read from a descriptor held open (held-file.ts).
 */
class Growth extends Tail {
  private readonly changed: (() => void) | undefined;

  constructor(path: string, changed: () => void) {
    // With `nLines` the constructor asks for no position and never reads from the end of the file.
    super(path, { nLines: 0, follow: false });
    this.changed = changed;
    // The base class leaves its watcher without a listener: an error there would end the process.
    this.watcher?.on('error', () => this.unwatch());
    this.on('error', () => undefined);
  }

  protected override change(): void {
    // The base class calls this from its constructor, before there is anybody to tell.
    this.changed?.();
  }

  protected override rename(): void {
    this.changed?.();
  }
}

/**
 * Calls `changed` when the file at `path` changes. Returns a function that ends it, or undefined where the system
 * cannot watch it (no inotify left, a network mount that refuses): then only looking again and again helps.
 */
export function watchFile(path: string, changed: () => void): (() => void) | undefined {
  try {
    const growth = new Growth(path, changed);
    return () => growth.unwatch();
  } catch {
    return undefined;
  }
}
