import { scriptModule } from './script.ts';

/** The REST API of a real Graylog. */
export interface GraylogClient {
  readonly address: string;
  enter(): Promise<{ readonly version: string }>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
  put<T>(path: string, body?: object): Promise<T>;
  delete<T>(path: string): Promise<T>;
}

const { Graylog } = await scriptModule<{ Graylog: new (address: string, env: object) => GraylogClient }>(
  'graylog/client.js',
);

/**
 * Options for a test with the Graylog at `GRAYLOG_URL`, which must be a disposable one: all of ours in it is made and taken
 * away. It is asked for by that variable only, so that a run without it is complete.
 */
export const withGraylog = {
  skip: process.env.GRAYLOG_URL ? false : 'on request only: GRAYLOG_URL names no disposable Graylog',
};

/** The Graylog at `GRAYLOG_URL`, by the credentials of the environment, `admin` unless given. */
export async function realGraylog(): Promise<GraylogClient & { readonly version: string }> {
  const client = new Graylog(process.env.GRAYLOG_URL ?? '', credentials());
  const { version } = await client.enter();
  return Object.assign(client, { version: version.replace(/[+-].*/, '') });
}

export function credentials(): NodeJS.ProcessEnv {
  return { GRAYLOG_USER: 'admin', GRAYLOG_PASSWORD: 'admin', ...process.env };
}
