import { join } from 'node:path';
import { RECORD_KEYS } from '../../lib/record-keys.ts';
import { packageRoot } from './node-red.ts';
import { scriptModule } from './script.ts';

export interface Pivot {
  readonly time?: string;
  readonly fields?: readonly string[];
  readonly empty?: boolean;
}

export interface WidgetSource {
  readonly title: string;
  /** Column and row from 1, width and height. */
  readonly place: readonly [number, number, number, number];
  readonly show: string;
  readonly stream?: string;
  readonly query?: string;
  readonly rows?: readonly (string | Pivot)[];
  readonly columns?: readonly (string | Pivot)[];
  readonly values?: { readonly [name: string]: string };
  readonly sort?: string;
  readonly fields?: readonly string[];
}

export interface DashboardSource {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly pages: readonly { readonly title: string; readonly widgets: readonly WidgetSource[] }[];
}

export interface EventSource {
  readonly title: string;
  readonly meaning: string;
  readonly stream: string;
  readonly group_by?: readonly string[];
  readonly within: string;
  readonly every: string;
  readonly grace: string;
  readonly [key: string]: unknown;
}

/** What `graylog/` has, as the scripts read it. */
export interface Sources {
  readonly streams: readonly { readonly name: string; readonly title: string; readonly log_type: string }[];
  readonly dashboards: readonly DashboardSource[];
  readonly eventDefinitions: readonly EventSource[];
  readonly inputs: readonly { readonly title: string; readonly transports: readonly string[] }[];
  readonly patterns: readonly { readonly name: string }[];
  readonly rules: readonly { readonly title: string; readonly source: string }[];
  readonly pipelines: readonly { readonly title: string }[];
  readonly parameters: readonly { readonly name: string; readonly kind: string; readonly default: unknown }[];
}

const { readSources } = await scriptModule<{ readSources(folder: string): Sources }>('graylog/sources.js');
const { fractionKeysOf } = await scriptModule<{ fractionKeysOf(keys: object): string[] }>('graylog/command.js');

export const sources = readSources(join(packageRoot, 'graylog'));
export const fractionKeys = fractionKeysOf(RECORD_KEYS);
/** An id for each stream. */
export const streamIds = new Map(sources.streams.map(({ name }, index) => [name, `${index}`.padStart(24, '0')]));
/** A report that nobody reads. */
export const SILENT_REPORT = {
  begin: () => undefined,
  line: () => undefined,
  say: () => undefined,
  end: () => undefined,
};
