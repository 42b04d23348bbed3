import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import type { Certificate } from './certificate.ts';
import { temporaryFolder } from './folder.ts';
import { freePort } from './ports.ts';
import { real } from './real.ts';
import { until } from './until.ts';

const HOME = '/usr/lib/rabbitmq';
const SERVER = join(HOME, 'bin/rabbitmq-server');
/** The user and the group `nobody` of Debian. */
const NOBODY = 65_534;
const GIVEN_UP_MS = 120_000;

/** Options for a test that needs RabbitMQ of Debian, and root to run it as another user. */
export const rabbitmq = real('RabbitMQ', existsSync(SERVER) && process.getuid?.() === 0);

export interface BrokerOptions {
  /** Lines of `rabbitmq.conf` beside the listeners. */
  readonly config?: readonly string[];
  /** The certificate of a second listener, for `amqps`. */
  readonly certificate?: Certificate;
}

/** A test, or what calls these functions at the end of several. */
export interface Ending {
  after(end: () => Promise<void>): unknown;
}

/** A RabbitMQ of the test's own, which knows `guest` with the password `guest`. */
export interface Broker {
  readonly port: number;
  /** `amqp://127.0.0.1:<port>` */
  readonly address: string;
  /** The port for `amqps`, where it has a certificate. */
  readonly tlsPort: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** What `rabbitmqctl` prints. */
  control(...words: string[]): string;
  /** Declares a durable queue. */
  declare(queue: string, options?: Record<string, unknown>): Promise<void>;
  /** Takes what a queue holds out of it. */
  drain(queue: string): Promise<Message[]>;
}

export interface Message {
  readonly body: string;
  readonly isPersistent: boolean;
  readonly contentType: unknown;
}

const PERSISTENT = 2;

/** Starts it in a folder of its own, where it leaves what it must keep over a kill. */
export async function startBroker(t: Ending, { config = [], certificate }: BrokerOptions = {}): Promise<Broker> {
  const folder = temporaryFolder();
  const port = await freePort();
  const names = await freePort();
  const distribution = await freePort();
  for (const part of ['mnesia', 'log', 'home']) mkdirSync(join(folder, part));
  const tlsPort = await freePort();
  const tls = certificate === undefined ? [] : tlsLines(folder, tlsPort, certificate);
  const lines = [`listeners.tcp.1 = 127.0.0.1:${port}`, 'disk_free_limit.absolute = 50MB', ...tls, ...config];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  for (const part of ['', ...readdirSync(folder)]) chownSync(join(folder, part), NOBODY, NOBODY);
  const environment = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: join(folder, 'home'),
    RABBITMQ_NODENAME: `part${port}@localhost`,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_DIST_PORT: String(distribution),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(names),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  const as = { cwd: folder, env: environment, uid: NOBODY, gid: NOBODY };
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const running = child;
    if (running === undefined) return;
    child = undefined;
    const exited = once(running, 'exit');
    const started = existsSync(join(folder, 'pid')) ? Number(readFileSync(join(folder, 'pid'), 'utf8')) : running.pid;
    process.kill(Number(started), 'SIGKILL');
    await exited;
  };
  const broker: Broker = {
    port,
    address: `amqp://127.0.0.1:${port}`,
    tlsPort,
    kill,
    async start() {
      child = spawn(SERVER, [], { ...as, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      child.stdout?.on('data', (data) => {
        output += data;
      });
      child.stderr?.resume();
      await until(
        () => output.includes('completed with'),
        GIVEN_UP_MS,
        () => `RabbitMQ starts: ${output}`,
      );
    },
    control: (...words) =>
      execFileSync(control(), ['-n', environment.RABBITMQ_NODENAME, ...words], { ...as, encoding: 'utf8' }),
    declare: (queue, options = {}) =>
      withChannel(port, async (channel) => {
        await channel.assertQueue(queue, { durable: true, ...options });
      }),
    drain: (queue) =>
      withChannel(port, async (channel) => {
        const messages: Message[] = [];
        const { messageCount } = await channel.checkQueue(queue);
        if (messageCount === 0) return [];
        const taken = new Promise<void>((resolve) => {
          void channel.consume(queue, (one) => {
            if (one === null) return;
            const { deliveryMode, contentType } = one.properties;
            messages.push({ body: one.content.toString(), isPersistent: deliveryMode === PERSISTENT, contentType });
            if (messages.length === messageCount) resolve();
          });
        });
        await taken;
        channel.ackAll();
        return messages;
      }),
  };
  t.after(async () => {
    await kill();
    // The daemon that knows Erlang's names goes on without the node.
    execFileSync('epmd', ['-port', String(names), '-kill'], {
      env: { ...environment, ERL_EPMD_RELAXED_COMMAND_CHECK: '1' },
    });
  });
  await broker.start();
  return broker;
}

function tlsLines(folder: string, port: number, { cert, key }: Certificate): string[] {
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
  return [
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.certfile = ${folder}/cert.pem`,
    `ssl_options.keyfile = ${folder}/key.pem`,
  ];
}

async function withChannel<T>(
  port: number,
  use: (channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>) => Promise<T>,
): Promise<T> {
  const model = await connect({ hostname: '127.0.0.1', port });
  model.on('error', () => undefined);
  try {
    const channel = await model.createChannel();
    const result = await use(channel);
    // The end of the connection alone can come before what the channel still has to say.
    await channel.close();
    return result;
  } finally {
    await model.close().catch(() => undefined);
  }
}

/** Not the one in /usr/sbin, which wants root and the system's own node. */
function control(): string {
  const [version = ''] = readdirSync(join(HOME, 'lib')).filter((name) => name.startsWith('rabbitmq_server-'));
  return join(HOME, 'lib', version, 'sbin/rabbitmqctl');
}
