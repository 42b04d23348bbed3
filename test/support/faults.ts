import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { DeliveryConfig } from '../../nodes/graylog-server/options.ts';
import { selfSigned } from './certificate.ts';
import type { ReceiverSetup } from './faulty-receiver-child.ts';
import type { FeederSetup } from './feeding-child.ts';
import { temporaryFolder } from './folder.ts';
import { freePort } from './ports.ts';
import { program } from './real.ts';
import { range } from './stored-messages.ts';
import { PATIENCE_MS, until } from './until.ts';

export type Scheme = ReceiverSetup['scheme'];

interface Figures {
  readonly fed: number;
  readonly received: number;
  readonly sent: number;
  readonly dropped: number;
  readonly retried: number;
  readonly buffered: number;
  readonly windowMs: number;
}

export interface Outcome {
  readonly fed: number;
  readonly lost: number;
  readonly repeats: number;
  readonly dropped: number;
}

const certificate = selfSigned();
let namespaces = 0;

/** Whether this machine lets us drop the packets of a network of our own. */
export function canDropPackets(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return program('ip') !== undefined && program('iptables') !== undefined;
}

/** A feeder and a receiver in two processes, and what can go wrong between them. */
export class FaultyLink {
  readonly #t: TestContext;
  readonly #scheme: Scheme;
  readonly #rate: number;
  readonly #config: DeliveryConfig;
  readonly #namespace: string | undefined;
  readonly #folder = temporaryFolder();
  readonly #userDir: string;
  readonly states: { readonly state: string; readonly code?: string; readonly atMs: number }[] = [];
  #port = 0;
  #receiver: ChildProcess | undefined;
  #feeder: ChildProcess | undefined;
  #figures: Figures | undefined;
  /** What was fed, and when: the newest last. */
  #fed: { n: number; atMs: number }[] = [];

  private constructor(t: TestContext, scheme: Scheme, rate: number, options: LinkOptions) {
    this.#t = t;
    this.#scheme = scheme;
    this.#rate = rate;
    this.#config = { ...(scheme === 'http' ? { bulk: true } : {}), ...options.config };
    this.#userDir = options.userDir ?? join(this.#folder, 'user');
    if (options.isolated !== true) return;
    namespaces += 1;
    this.#namespace = `infra-test-${process.pid}-${namespaces}`;
    execFileSync('ip', ['netns', 'add', this.#namespace]);
    t.after(() => execFileSync('ip', ['netns', 'del', String(this.#namespace)]));
    this.inNetwork('ip', 'link', 'set', 'lo', 'up');
  }

  /** Starts both; resolves when records arrive. */
  static async start(t: TestContext, scheme: Scheme, rate: number, options: LinkOptions = {}): Promise<FaultyLink> {
    const link = new FaultyLink(t, scheme, rate, options);
    link.#port = await freePort();
    await link.startReceiver();
    link.startFeeder(0);
    await until(
      () => link.arrivals.length > 0,
      PATIENCE_MS,
      () => 'the first record',
    );
    return link;
  }

  get figures(): Figures {
    return this.#figures as Figures;
  }

  /** The numbers in the order in which the receiver read them. */
  get arrivals(): number[] {
    const file = join(this.#folder, 'read');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').map(Number) : [];
  }

  get userDir(): string {
    return this.#userDir;
  }

  inNetwork(...command: string[]): void {
    execFileSync('ip', ['netns', 'exec', String(this.#namespace), ...command]);
  }

  /** Drops every packet of the connections, both ways, or no longer. */
  silence(isSilent: boolean): void {
    for (const end of ['--dport', '--sport']) {
      const rule = ['INPUT', '-p', 'tcp', end, String(this.#port), '-j', 'DROP'];
      this.inNetwork('iptables', isSilent ? '-A' : '-D', ...rule);
    }
  }

  signalReceiver(signal: NodeJS.Signals): void {
    this.#receiver?.kill(signal);
  }

  async tellReceiver(command: string): Promise<void> {
    this.#receiver?.stdin?.write(`${command}\n`);
  }

  /** Kills it where it still runs, and starts another one on its port. */
  async startReceiver(mode = 'well'): Promise<void> {
    await this.#kill(this.#receiver);
    const file = join(this.#folder, 'read');
    const setup: ReceiverSetup = { scheme: this.#scheme, port: this.#port, file, mode, tls: certificate };
    this.#receiver = this.#spawn('faulty-receiver-child.ts', setup);
    await once(this.#receiver.stdout as NodeJS.EventEmitter, 'data');
  }

  startFeeder(from: number): void {
    const { cert } = certificate;
    const url = `${this.#scheme}://localhost:${this.#port}`;
    const setup: FeederSetup = { url, userDir: this.#userDir, rate: this.#rate, from, config: this.#config, ca: cert };
    this.#feeder = this.#spawn('feeding-child.ts', setup);
    let rest = '';
    this.#feeder.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(JSON.parse(line) as Figures);
    });
  }

  /** Kills the feeder, and starts it again as a source does: from what it had handed on a window and a second before. */
  async killFeeder(): Promise<void> {
    const { windowMs } = this.figures;
    await this.#kill(this.#feeder);
    this.#figures = undefined;
    const safeMs = performance.now() - windowMs - 1_000;
    const from = this.#fed.findLast(({ atMs }) => atMs < safeMs)?.n ?? 0;
    this.startFeeder(from);
  }

  /** Resolves to the time until the status was red, in ms. */
  async untilRed(deadlineMs = 30_000): Promise<number> {
    const beganMs = performance.now();
    const since = this.states.length;
    await until(
      () => this.states.slice(since).some(({ state }) => state === 'away'),
      deadlineMs,
      () => 'red',
    );
    return (this.states.slice(since).find(({ state }) => state === 'away')?.atMs ?? 0) - beganMs;
  }

  /** Feeds no more and waits until all is confirmed, or the deadline is over. */
  async settle(deadlineMs = 60_000): Promise<Outcome> {
    // A sender that was killed hands on again what its predecessor had: all of that, too.
    const most = Math.max(...this.#fed.map(({ n }) => n));
    await until(
      () => (this.#figures?.fed ?? 0) >= most,
      deadlineMs,
      () => this.toString(),
    );
    this.#feeder?.stdin?.write('stop\n');
    const before = this.#figures;
    await until(
      () => this.#figures !== before && this.figures.buffered === 0,
      deadlineMs,
      () => this.toString(),
    );
    // What lies on a disk that takes nothing is not counted as waiting.
    const isThere = (): boolean => new Set(this.arrivals).size + this.figures.dropped >= this.figures.fed;
    await until(isThere, 15_000).catch(() => undefined);
    const { arrivals } = this;
    const distinct = new Set(arrivals);
    const { fed, dropped } = this.figures;
    return {
      fed,
      dropped,
      lost: range(0, fed).filter((n) => !distinct.has(n)).length,
      repeats: arrivals.length - distinct.size,
    };
  }

  toString(): string {
    return JSON.stringify([this.#figures, this.states.slice(-4)]);
  }

  #hear(message: Figures & { state?: string; code?: string }): void {
    const atMs = performance.now();
    if (message.state !== undefined) {
      this.states.push({ state: message.state, ...(message.code === undefined ? {} : { code: message.code }), atMs });
    } else if (message.fed !== undefined) {
      this.#figures = message;
      this.#fed.push({ n: message.fed, atMs });
    }
  }

  #spawn(file: string, setup: object): ChildProcess {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const command = [process.execPath, join(import.meta.dirname, file), JSON.stringify(setup)];
    if (this.#namespace !== undefined) command.unshift('ip', 'netns', 'exec', this.#namespace);
    const [path = '', ...args] = command;
    const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
    child.stdin?.on('error', () => undefined);
    this.#t.after(() => this.#kill(child));
    return child;
  }

  async #kill(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
}

export interface LinkOptions {
  /** In a network of its own, whose packets can be dropped. */
  readonly isolated?: boolean;
  readonly config?: DeliveryConfig;
  readonly userDir?: string;
}
