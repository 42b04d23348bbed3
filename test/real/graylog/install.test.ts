// Risk: an installation spoils a Graylog that others use, doubles what is there, or says less than what went wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { credentials, realGraylog, withGraylog } from '../../support/graylog-real.ts';
import { type Recording, recordingOf } from '../../support/graylog-recording.ts';
import { fractionKeys, sources } from '../../support/graylog-sources.ts';
import { scriptModule } from '../../support/script.ts';

const { recordInstall } = await scriptModule<{ recordInstall(address: string, site: object): Promise<void> }>(
  'graylog/record-install.js',
);
const { CASES } = await scriptModule<{ CASES: { name: string }[] }>('graylog/recorded-cases.js');

/** What a Graylog has, by kind, without what changes by itself. */
async function everything(graylog: Awaited<ReturnType<typeof realGraylog>>): Promise<object> {
  const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id).toSorted();
  const { streams } = await graylog.get<{ streams: { id: string }[] }>('/streams');
  const { inputs } = await graylog.get<{ inputs: { id: string }[] }>('/system/inputs');
  const { patterns } = await graylog.get<{ patterns: { id: string }[] }>('/system/grok');
  const { elements } = await graylog.get<{ elements: { id: string }[] }>('/dashboards?per_page=1000');
  const { index_sets: sets } = await graylog.get<{ index_sets: { id: string }[] }>('/system/indices/index_sets');
  const events = await graylog.get<{ event_definitions: { id: string }[] }>('/events/definitions?per_page=1000');
  const connections = await graylog.get<{ pipeline_ids: string[] }[]>('/system/pipelines/connections');
  return {
    ...{ streams: ids(streams), inputs: ids(inputs), patterns: ids(patterns), dashboards: ids(elements) },
    ...{ sets: ids(sets), events: ids(events.event_definitions) },
    rules: ids(await graylog.get('/system/pipelines/rule')),
    connected: connections.flatMap((one) => one.pipeline_ids),
  };
}

test('every case ends as it was recorded, and Graylog has afterwards what it had', withGraylog, async () => {
  const graylog = await realGraylog();
  const before = await everything(graylog);
  const folder = temporaryFolder();
  await recordInstall(graylog.address, {
    ...{ env: credentials(), sources, fractionKeys, folder, report: { say: () => undefined } },
  });
  for (const { name } of CASES) {
    const now = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Recording;
    const recorded = recordingOf(graylog.version, name);
    assert.deepEqual([now.code, now.output], [recorded.code, recorded.output], name);
  }
  assert.deepEqual(await everything(graylog), before);
});
