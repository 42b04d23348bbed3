import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A host's `/` with a `/proc` that a test can change: for the variable `HOST_ROOT`. */
export class HostRoot {
  readonly path = temporaryFolder();
  #boots = 0;
  #uptimeSeconds = 100_000;

  /** As this machine has it, but idle and half empty, and booted a day ago. */
  constructor() {
    this.#write('proc/stat', readFileSync('/proc/stat', 'utf8'));
    this.memory(50);
    this.load(0.1);
    this.boot();
  }

  /** So much of the memory is used, in percent. */
  memory(usedPercent: number): void {
    const kilobytes = 8_000_000;
    const available = Math.round(kilobytes * (1 - usedPercent / 100));
    this.#write('proc/meminfo', `MemTotal: ${kilobytes} kB\nMemFree: 1000 kB\nMemAvailable: ${available} kB\n`);
  }

  /** The load for each core. */
  load(perCore: number): void {
    const cores = readFileSync(join(this.path, 'proc/stat'), 'utf8').match(/^cpu\d/gm)?.length ?? 1;
    const load = (perCore * cores).toFixed(2);
    this.#write('proc/loadavg', `${load} ${load} ${load} 2/300 12345\n`);
  }

  /** A boot: another id, and an uptime that begins again. */
  boot(): void {
    this.#boots += 1;
    this.#write('proc/sys/kernel/random/boot_id', `00000000-0000-4000-8000-${String(this.#boots).padStart(12, '0')}\n`);
    this.#write('proc/uptime', `${this.#uptimeSeconds}.00 1.00\n`);
    this.#uptimeSeconds = 20;
  }

  #write(name: string, text: string): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    // A reader never sees half of it.
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}
