import type { GraylogClient } from './graylog-real.ts';

type Thing = { readonly [key: string]: unknown };

/** What changes by itself in what a Graylog lists. */
const CHANGING =
  /^(?:matched_at|scheduler|context|last_updated_at|favorite|last_seen|metadata|updated_at|modified_at)$/;

const LISTS: readonly (readonly [kind: string, path: string, key?: string])[] = [
  ['streams', '/streams', 'streams'],
  ['inputs', '/system/inputs', 'inputs'],
  ['patterns', '/system/grok', 'patterns'],
  ['rules', '/system/pipelines/rule'],
  ['pipelines', '/system/pipelines/pipeline'],
  ['connections', '/system/pipelines/connections'],
  ['dashboards', '/dashboards?per_page=1000', 'elements'],
  ['event definitions', '/events/definitions?per_page=1000', 'event_definitions'],
  ['notifications', '/events/notifications?per_page=1000', 'notifications'],
  ['index sets', '/system/indices/index_sets', 'index_sets'],
  ['field profiles', '/system/indices/index_sets/profiles/all'],
  ['allowed addresses', '/system/urlallowlist', 'entries'],
  ['content packs', '/system/content_packs/latest', 'content_packs'],
];

/** All that a Graylog has, by kind: each thing whole, but for what changes by itself. */
export async function stateOf(graylog: GraylogClient): Promise<{ [kind: string]: string[] }> {
  const kinds: { [kind: string]: string[] } = {};
  for (const [kind, path, key] of LISTS) {
    const answer = await listOf(graylog, path);
    const things = (key === undefined ? answer : (answer as Thing)[key]) as readonly Thing[];
    kinds[kind] = things
      // A stream that had pipelines keeps an empty list of them.
      .filter(({ pipeline_ids }) => !(Array.isArray(pipeline_ids) && pipeline_ids.length === 0))
      .map((thing) => JSON.stringify(still(thing)))
      .toSorted();
  }
  return kinds;
}

async function listOf(graylog: GraylogClient, path: string): Promise<unknown> {
  try {
    return await graylog.get(path);
  } catch (error) {
    // The name of the list until 6.3.
    if ((error as { status?: number }).status !== 404 || !path.includes('allowlist')) throw error;
    return await graylog.get(path.replace('allowlist', 'whitelist'));
  }
}

function still(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(still);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !CHANGING.test(key));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, still(one)]));
}
