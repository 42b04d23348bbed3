import { Agent, request } from 'node:http';
import { Backoff } from '../../../lib/backoff.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { wait } from '../../../lib/io/wait.ts';
import type { StaticFields } from '../../../lib/static-fields.ts';
import { DOCUMENT_PATH, instanceValue, METADATA_PATHS, parseInstance } from '../instance.ts';

export interface InstanceMetadataOptions {
  /** The address of the service; that of every instance unless given. */
  readonly base?: string | undefined;
  /** Hears of the fields, once. */
  onFields(fields: StaticFields): void;
  /** Hears, once, why there are none yet. */
  onFault(error: unknown): void;
}

const BASE = 'http://169.254.169.254';
/** For all questions together: a service that is not there must not be waited for. */
const DEADLINE_MS = 1_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 600_000;
const TOKEN_SECONDS = '60';
const MOST_BYTES = 65_536;

/**
 * Asks the metadata service of EC2 who this instance is, in the background: no record waits for it. While there is no answer it
 * asks again, at most every ten minutes: an instance may get its network after its programs.
 */
export class InstanceMetadata {
  readonly #options: InstanceMetadataOptions;
  readonly #closing = new AbortController();

  constructor(options: InstanceMetadataOptions) {
    this.#options = options;
    void this.#run();
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { base = BASE, onFields, onFault } = this.#options;
    const backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      try {
        const fields = await readInstance(base, AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]));
        if (!signal.aborted) onFields(fields);
        return;
      } catch (error) {
        if (isFirst && !signal.aborted) onFault(error);
        await wait(backoff.next(), signal);
      }
    }
  }
}

/**
 * What the service tells of this instance, by its second version, which wants a token (IMDSv2). A field that it does not tell is
 * left out. Rejects with `METADATA_NO_ANSWER`, `METADATA_STATUS`, `METADATA_EMPTY`.
 */
export async function readInstance(base: string, signal: AbortSignal): Promise<StaticFields> {
  const token = await ask(base, 'api/token', signal, { 'x-aws-ec2-metadata-token-ttl-seconds': TOKEN_SECONDS });
  const headers = { 'x-aws-ec2-metadata-token': token };
  const optional = (path: string): Promise<string> =>
    ask(base, path, signal, headers).catch((error) => {
      if (error instanceof MonitoringError && error.code === 'METADATA_STATUS') return '';
      throw error;
    });
  const known = parseInstance(await optional(DOCUMENT_PATH));
  const missing = Object.entries(METADATA_PATHS).filter(([field]) => known[field] === undefined);
  const more = await Promise.all(
    missing.map(async ([field, path]) => [field, instanceValue(await optional(path))] as const),
  );
  const found = more.filter((entry): entry is readonly [keyof typeof METADATA_PATHS, string] => entry[1] !== undefined);
  const fields = { ...known, ...Object.fromEntries(found) };
  if (Object.keys(fields).length === 0) throw new MonitoringError('METADATA_EMPTY');
  return fields;
}

/** With an agent of its own: no proxy of the environment stands between an instance and its own service. */
function ask(base: string, path: string, signal: AbortSignal, headers: { [name: string]: string }): Promise<string> {
  const agent = new Agent();
  const method = path === 'api/token' ? 'PUT' : 'GET';
  return new Promise<string>((resolve, reject) => {
    const failed = (cause: unknown): void => reject(new MonitoringError('METADATA_NO_ANSWER', {}, { cause }));
    const asked = request(`${base}/latest/${path}`, { method, headers, agent, signal }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('error', failed);
      answer.on('data', (data: string) => {
        text += data;
        if (text.length > MOST_BYTES) asked.destroy();
      });
      answer.on('close', () => failed(undefined));
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new MonitoringError('METADATA_STATUS', { status: answer.statusCode ?? 0 }));
      });
    });
    asked.on('error', failed).end();
  }).finally(() => agent.destroy());
}
