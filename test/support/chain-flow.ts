import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './node-red.ts';

type Part = { id: string; type: string; g?: string };

/** The auth log's group of the default flow, as it ships, following `file` and sending to `port`. */
export function authChain(file: string, port: number): object[] {
  const flow = JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as Part[];
  const group = flow.find(({ type }) => type === 'auth-log-in')?.g;
  return flow
    .filter(({ id, g, type }) => id === group || g === group || /^(tab|graylog-server)$/.test(type))
    .map((part) => {
      if (part.type === 'auth-log-in') return { ...part, file };
      if (part.type === 'graylog-server') return { ...part, endpoints: `tcp://127.0.0.1:${port}` };
      return part;
    });
}
