import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Writes one container's log as a runtime does, and rotates it as the kubelet does. */
export class PodWriter {
  readonly folder: string;
  readonly #root: string;
  readonly #pod: string;
  readonly #container: string;
  #restarts = 0;
  #rotations = 0;
  #count = 0;

  /** `root`: in place of `/var/log`. */
  constructor(root: string, { namespace = 'shop', pod = 'web-0', uid = '0f6e', container = 'app' } = {}) {
    this.#root = root;
    this.#pod = `${namespace}_${pod}_${uid}`;
    this.#container = container;
    this.folder = join(root, 'pods', this.#pod, container);
    mkdirSync(this.folder, { recursive: true });
  }

  get path(): string {
    return join(this.folder, `${this.#restarts}.log`);
  }

  /** A stamp that no other line has. */
  get stamp(): string {
    this.#count += 1;
    const nanos = String(this.#count % 1_000_000).padStart(6, '0');
    return new Date().toISOString().replace(/Z$/, `${nanos}Z`);
  }

  line(text: string | Buffer, stream = 'stdout', tag = 'F'): void {
    const head = Buffer.from(`${this.stamp} ${stream} ${tag} `);
    appendFileSync(this.path, Buffer.concat([head, Buffer.from(text), Buffer.from('\n')]));
  }

  /** A long line, in parts of so many bytes. */
  longLine(text: string, bytes: number, stream = 'stdout'): void {
    const whole = Buffer.from(text);
    for (let at = 0; at < whole.length; at += bytes) {
      this.line(whole.subarray(at, at + bytes), stream, at + bytes >= whole.length ? 'F' : 'P');
    }
  }

  /** Renames the log, and packs the one that was renamed before. */
  rotate({ reopens = true } = {}): void {
    this.#rotations += 1;
    const name = (number: number): string => `${this.path}.20260101-${String(number).padStart(6, '0')}`;
    renameSync(this.path, name(this.#rotations));
    if (reopens) writeFileSync(this.path, '');
    const before = name(this.#rotations - 1);
    if (!existsSync(before)) return;
    writeFileSync(`${before}.tmp`, gzipSync(readFileSync(before)));
    renameSync(`${before}.tmp`, `${before}.gz`);
    rmSync(before);
  }

  restart(): void {
    this.#restarts += 1;
    writeFileSync(this.path, '');
  }

  /** Names the id of the container, as the kubelet does by a link. */
  link(id: string): void {
    const [namespace, pod] = this.#pod.split('_');
    const links = join(this.#root, 'containers');
    mkdirSync(links, { recursive: true });
    symlinkSync(this.path, join(links, `${pod}_${namespace}_${this.#container}-${id}.log`));
  }

  removePod(): void {
    rmSync(dirname(this.folder), { recursive: true });
  }
}
