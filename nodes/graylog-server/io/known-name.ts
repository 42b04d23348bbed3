import { StateFile } from '../../../lib/io/state-file.ts';

/** Under which name, and on which instance, the records of this user directory were sent last. */
interface KnownName {
  readonly host: string;
  readonly instance?: string;
}

/** What is otherwise than before. */
export interface NameChange {
  readonly kind: 'host' | 'instance';
  readonly before: string;
  readonly now: string;
}

/** Notices that a host has another name than before, or that its files come from another instance. Keeps both over a restart. */
export class KnownNames {
  readonly #file: StateFile<KnownName>;
  readonly #onChange: (change: NameChange) => void;
  #known: Partial<KnownName>;
  #writing: Promise<void> | undefined;

  /** `id` names the file of one server. What cannot be read counts as not known. */
  constructor(userDir: string, id: string, onChange: (change: NameChange) => void) {
    this.#file = new StateFile(userDir, `graylog-server-${id}-name`, parseKnownName);
    this.#onChange = onChange;
    this.#known = this.#file.read() ?? {};
  }

  see(kind: NameChange['kind'], now: string): void {
    const before = this.#known[kind];
    if (before === now) return;
    if (before !== undefined) this.#onChange({ kind, before, now });
    this.#known = { ...this.#known, [kind]: now };
    // Where nothing can be written, the next run does not know either: no reason to stop.
    if (this.#known.host !== undefined)
      this.#writing = this.#file.write(this.#known as KnownName).catch(() => undefined);
  }

  /** Resolves when what it saw is kept, or is removed where the server is gone for good. */
  async close(isGone = false): Promise<void> {
    await this.#writing;
    if (isGone) await this.#file.remove().catch(() => undefined);
  }
}

function parseKnownName(value: unknown): KnownName | undefined {
  const { host, instance } = (value ?? {}) as { host?: unknown; instance?: unknown };
  if (typeof host !== 'string') return undefined;
  return typeof instance === 'string' ? { host, instance } : { host };
}
