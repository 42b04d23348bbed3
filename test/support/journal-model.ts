import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { StateFile } from '../../lib/io/state-file.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { parseCheckpoint } from '../../nodes/auth-log-in/checkpoint.ts';
import { Source } from '../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../nodes/auth-log-in/settings.ts';
import { temporaryFolder } from './folder.ts';
import { appendEntries } from './journal.ts';
import { PATIENCE_MS, until } from './until.ts';

const HOST = '11111111111111111111111111111111';
const GUEST = '22222222222222222222222222222222';
const DAY_MICROS = 86_400_000_000;
const HOUR_MICROS = 3_600_000_000;
const SECOND_MICROS = 1_000_000;

interface Machine {
  readonly id: string;
  readonly folder: string;
  boot: number;
  files: number;
  file: string;
  /** Which numbers each file has that is still there. */
  readonly kept: Map<string, number[]>;
}

/** A cheap generator that gives the same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Random steps on a journal that `systemd-journal-remote` writes: a host that reboots, also with its clock set back, rotates
 * and is vacuumed; a guest beside it; and a reader that is stopped, killed and started again. At the end each entry of the
 * host that was not vacuumed before it was read has arrived, and none of the guest.
 */
export class JournalModel {
  readonly #root = temporaryFolder();
  readonly #userDir = temporaryFolder();
  readonly #random: (below: number) => number;
  readonly #seen = new Set<number>();
  /** Written by the host, and neither vacuumed nor written before the reader first began. */
  readonly #expected = new Set<number>();
  readonly #host = this.#machine(HOST);
  readonly #guest = this.#machine(GUEST);
  readonly #log: string[] = [];
  #micros = Date.now() * 1000 - 5 * DAY_MICROS;
  #number = 0;
  #source: Source | undefined;
  readonly #state = new StateFile(this.#userDir, 'auth-log-in-j', parseCheckpoint);

  constructor(t: TestContext, seed: number) {
    this.#random = numbers(seed);
    mkdirSync(join(this.#root, 'etc'), { recursive: true });
    writeFileSync(join(this.#root, 'etc/machine-id'), `${HOST}\n`);
    t.after(() => this.#source?.stop());
  }

  /** Takes so many steps, and then checks that nothing is missing. */
  async run(steps: number): Promise<void> {
    this.#write(this.#host, 2);
    await this.#state.write({ journal: { sinceMicros: this.#micros } });
    this.#expected.clear();
    this.#start();
    await until(() => readFileSync(this.#state.path, 'utf8').includes('sequences'), PATIENCE_MS);
    for (let step = 0; step < steps; step++) await this.#step();
    this.#start();
    // However far the clock was behind, it is right now.
    this.#micros += HOUR_MICROS;
    this.#write(this.#host, 1);
    await this.#settle();
    await this.#source?.stop();
    assert.deepEqual(
      [...this.#seen].filter((number) => number < 0),
      [],
      'nothing of the guest',
    );
  }

  /** Waits until all has arrived, where anything reads. */
  async #settle(): Promise<void> {
    if (this.#source === undefined) return;
    const missing = (): number[] => [...this.#expected].filter((number) => !this.#seen.has(number));
    await until(
      () => missing().length === 0,
      PATIENCE_MS,
      () => `missing ${missing()} after ${this.#log.join(', ')}`,
    );
    this.#log.push('settled');
  }

  async #step(): Promise<void> {
    const choice = this.#random(12);
    if (choice < 3) this.#write(this.#host, 1 + this.#random(20));
    else if (choice === 3) this.#write(this.#guest, 1 + this.#random(20));
    else if (choice === 4) this.#rotate(this.#random(4) === 0 ? this.#guest : this.#host);
    else if (choice === 5) await this.#reboot();
    else if (choice === 6) this.#vacuum();
    else if (choice === 7) await this.#stop(this.#random(2) === 0);
    else if (choice < 10) this.#start();
    else await this.#settle();
  }

  #machine(id: string): Machine {
    const folder = join(this.#root, 'var/log/journal', id);
    mkdirSync(folder, { recursive: true });
    return { id, folder, boot: 0, files: 0, file: join(folder, 'system.journal'), kept: new Map() };
  }

  #write(machine: Machine, count: number): void {
    const entries: { [name: string]: string | number }[] = [];
    for (let index = 0; index < count; index++) {
      this.#number++;
      this.#micros += 1 + this.#random(10 * SECOND_MICROS);
      const number = machine === this.#host ? this.#number : -this.#number;
      const isAuth = this.#random(5) > 0;
      if (isAuth) this.#keep(machine, number);
      entries.push(this.#entry(machine, number, isAuth));
    }
    appendEntries(machine.file, entries);
    this.#log.push(`${machine === this.#host ? 'host' : 'guest'} writes to ${this.#number}`);
  }

  #keep(machine: Machine, number: number): void {
    machine.kept.set(machine.file, [...(machine.kept.get(machine.file) ?? []), number]);
    if (machine === this.#host) this.#expected.add(number);
  }

  #entry(machine: Machine, number: number, isAuth: boolean): { [name: string]: string | number } {
    const boot = String(machine.boot).padStart(4, '0');
    return {
      __REALTIME_TIMESTAMP: this.#micros,
      __MONOTONIC_TIMESTAMP: 1_000_000 + this.#number * 1000,
      _BOOT_ID: `${machine.id.slice(0, 28)}${boot}`,
      _MACHINE_ID: machine.id,
      SYSLOG_FACILITY: isAuth ? 10 : 3,
      SYSLOG_IDENTIFIER: isAuth ? 'sshd' : 'cron',
      _UID: 0,
      MESSAGE: `Failed password for user${number} from 192.0.2.7 port 1000 ssh2`,
    };
  }

  /** The file gets the name of an archived one. What follows is in another numbering, as after a crash. */
  #rotate(machine: Machine): void {
    if (!existsSync(machine.file)) return;
    machine.files++;
    const archived = join(machine.folder, `system@${machine.files.toString(16).padStart(16, '0')}.journal`);
    renameSync(machine.file, archived);
    machine.kept.set(archived, machine.kept.get(machine.file) ?? []);
    machine.kept.delete(machine.file);
    this.#log.push('rotation');
  }

  /** Node-RED ends with the host. Half of the times the journal was left damaged, and the clock may be behind. */
  async #reboot(): Promise<void> {
    await this.#stop();
    this.#host.boot++;
    const isDamaged = this.#random(2) === 0;
    if (isDamaged) this.#rotate(this.#host);
    const isBehind = isDamaged && this.#random(2) === 0;
    if (isBehind) this.#micros -= this.#random(HOUR_MICROS);
    this.#log.push(`reboot${isBehind ? ' with the clock behind' : ''}`);
  }

  /** The oldest file goes, and with it what was not read of it. Where the reader is, the position goes too. */
  #vacuum(): void {
    const [file] = [...this.#host.kept.keys()].filter((name) => name !== this.#host.file).sort();
    if (file === undefined) return;
    for (const number of this.#host.kept.get(file) ?? []) this.#expected.delete(number);
    this.#host.kept.delete(file);
    rmSync(file, { force: true });
    this.#log.push('vacuumed');
  }

  #start(): void {
    if (this.#source !== undefined) return;
    const settings = readSettings({ file: 'journal' }, () => undefined);
    assert.ok('isWanted' in settings);
    this.#source = new Source({
      settings,
      host: 'h',
      hostRoot: this.#root,
      state: new StateFile(this.#userDir, 'auth-log-in-j', parseCheckpoint),
      delayMs: () => 0,
      perTurn: () => 1000,
      checkMs: 500,
      onRecords: (records) => this.#take(records),
      onStatus: (state, key, _args, cause) => this.#log.push(...(state === 'fault' ? [`${key} ${cause}`] : [])),
      onWarning: (key, _args, cause) => this.#log.push(`${key} ${cause}`),
    });
    this.#log.push('start');
  }

  #take(records: readonly InfraRecord[]): void {
    for (const { user_name } of records) this.#seen.add(Number(String(user_name).slice('user'.length)));
  }

  /** After a kill the position of a while ago is what is left. */
  async #stop(isKill = false): Promise<void> {
    if (this.#source === undefined) return;
    const before = readFileSync(this.#state.path);
    await this.#source.stop();
    if (isKill) writeFileSync(this.#state.path, before);
    this.#source = undefined;
    this.#log.push(isKill ? 'kill' : 'stop');
  }
}
