import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InfraRecord } from '../../lib/record.ts';
import { packageRoot } from './node-red.ts';
import { until } from './until.ts';

export interface FlowPart {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly [property: string]: unknown;
}

const TOLD = 'infra0alertlink';

/** The default flow as it ships. */
export function defaultFlow(): FlowPart[] {
  return JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as FlowPart[];
}

/**
 * The default flow with other seconds and addresses, by the names or the ids of its nodes. Every alert reminds each minute, and
 * all that reaches who is told is appended to the file `tap`.
 */
export function shortenedFlow(tap: string, edits: { [nameOrId: string]: object }): FlowPart[] {
  const unknown = new Set(Object.keys(edits));
  const flow = defaultFlow().map((part) => {
    const key = [part.id, part.name ?? ''].find((one) => unknown.has(one) || Object.hasOwn(edits, one)) ?? '';
    unknown.delete(key);
    const common = part.type === 'alert' ? { remindMinutes: '1' } : {};
    return { ...part, ...common, ...edits[key] };
  });
  if (unknown.size > 0) throw new Error(`the default flow has no ${[...unknown].join(', ')}`);
  const at = { z: 'infra0000000tab', x: 100, y: 900 };
  const link = flow.find(({ id }) => id === TOLD) as FlowPart & { wires: string[][] };
  link.wires[0]?.push('tapjson');
  return [
    ...flow,
    { id: 'tapjson', ...at, type: 'json', action: 'str', property: 'payload', wires: [['tapfile']] },
    {
      ...{ id: 'tapfile', ...at, type: 'file', filename: tap, filenameType: 'str', appendNewline: true },
      ...{ overwriteFile: 'false', wires: [[]] },
    },
  ];
}

/** What reached who is told, once each: what goes out again after a start is known by its `event_id`. */
export class Tap {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get records(): InfraRecord[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    return [
      ...new Map(lines.map((line) => JSON.parse(line) as InfraRecord).map((one) => [one.event_id, one])).values(),
    ];
  }

  /** In their order: `firing`, `reminder`, `resolved`, for one alert and, where it is given, one key. */
  story(name: string, key?: string): string[] {
    return this.records
      .filter(({ alert_name, alert_key }) => alert_name === name && (key === undefined || alert_key === key))
      .map(({ alert_state, alert_reminder }) => (alert_reminder === undefined ? String(alert_state) : 'reminder'));
  }

  /** The keys of all that an alert has told, each once. */
  keys(name: string): string[] {
    const keys = this.records.flatMap(({ alert_name, alert_key }) => (alert_name === name ? [String(alert_key)] : []));
    return [...new Set(keys)];
  }

  /** Waits until an alert of each of these names has come to this. */
  async until(names: readonly string[], word: string, deadlineMs: number): Promise<void> {
    const missing = (): string[] => names.filter((name) => !this.story(name).includes(word));
    const said = () => JSON.stringify(this.records.map(({ message }) => message));
    await until(
      () => missing().length === 0,
      deadlineMs,
      () => `${word} of ${missing().join(', ')}: ${said()}`,
    );
  }
}
