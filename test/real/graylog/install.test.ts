// Risk: an installation spoils a Graylog that others use, doubles what is there, or says less than what went wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { makeOthers } from '../../support/graylog-others.ts';
import { credentials, type GraylogClient, realGraylog, withGraylog } from '../../support/graylog-real.ts';
import { type Recording, recordingOf } from '../../support/graylog-recording.ts';
import { refusing } from '../../support/graylog-refusing.ts';
import { fractionKeys, type Sources, sources } from '../../support/graylog-sources.ts';
import { stateOf } from '../../support/graylog-state.ts';
import { freePort } from '../../support/ports.ts';
import { scriptModule } from '../../support/script.ts';

const { recordInstall, installPack } = await scriptModule<{
  recordInstall(address: string, site: object): Promise<void>;
  installPack(graylog: GraylogClient, sources: Sources): Promise<() => Promise<void>>;
}>('graylog/record-install.js');
const { CASES, smallSources } = await scriptModule<{
  CASES: { name: string }[];
  smallSources(one: Sources): Sources;
}>('graylog/recorded-cases.js');
const { runWith } = await scriptModule<{ runWith(words: string[], site: object): Promise<number> }>('graylog/main.js');

interface Kind {
  readonly name: string;
}
const { KINDS, planOf } = await scriptModule<{
  KINDS: Kind[];
  planOf(sources: Sources, parameters: object, fractionKeys: readonly string[]): { kind: Kind; key: string }[];
}>('graylog/plan.js');
const { readPresent } = await scriptModule<{
  readPresent(graylog: GraylogClient): Promise<Map<Kind, Map<string, object>>>;
}>('graylog/survey.js');
const { settle } = await scriptModule<{
  settle(parameters: Sources['parameters'], given: object, found: object): object;
}>('graylog/parameters.js');
/** The last: a pack's have ids of their own. */
const NOT_IN_A_PACK = ['field profile', 'index set', 'allowed address', 'dashboard'];

/** A busy machine needs minutes for hundreds of rules. */
const WITHIN_MS = 900_000;
const WEBHOOK = ['--set', 'WEBHOOK_URL=http://192.0.2.9/events'];

/** Runs words as a person would type them. */
async function said(words: string[], own: Sources = sources): Promise<{ code: number; text: string }> {
  let text = '';
  const stream = {
    write: (piece: string) => {
      text += piece;
    },
  };
  const site = { env: credentials(), sources: own, fractionKeys, output: stream, errors: stream };
  return { code: await runWith(words, site), text };
}

test('every case ends as it was recorded, and Graylog has afterwards what it had', {
  ...withGraylog,
  timeout: WITHIN_MS,
}, async (t) => {
  const graylog = await realGraylog();
  await said(['uninstall', graylog.address, '--delete-data']);
  await makeOthers(t, graylog, await freePort());
  const before = await stateOf(graylog);
  const folder = temporaryFolder();
  await recordInstall(graylog.address, {
    ...{ env: credentials(), sources, fractionKeys, folder, report: { say: () => undefined } },
  });
  for (const { name } of CASES) {
    const now = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Recording;
    const recorded = recordingOf(graylog.version, name);
    assert.deepEqual([now.code, now.output], [recorded.code, recorded.output], name);
  }
  assert.deepEqual(await stateOf(graylog), before);
});

for (const [what, method, path] of [
  ['the field profile', 'POST', /^\/system\/indices\/index_sets\/profiles$/],
  ['the index set', 'POST', /^\/system\/indices\/index_sets$/],
  ['the first index', 'POST', /^\/system\/deflector\/\w+\/cycle$/],
  ['the patterns', 'PUT', /^\/system\/grok/],
  ['a rule', 'POST', /^\/system\/pipelines\/rule$/],
  ['a pipeline', 'POST', /^\/system\/pipelines\/pipeline$/],
  ['a connection', 'POST', /^\/system\/pipelines\/connections/],
  ['a stream', 'POST', /^\/streams$/],
  ['the start of a stream', 'POST', /^\/streams\/\w+\/resume$/],
  ['the allowed address', 'PUT', /^\/system\/url\w+list$/],
  ['the notification', 'POST', /^\/events\/notifications$/],
  ['an event definition', 'POST', /^\/events\/definitions/],
  ['a search', 'POST', /^\/views\/search$/],
  ['a dashboard', 'POST', /^\/views$/],
  ['an input', 'POST', /^\/system\/inputs$/],
  ['the look at the rules', 'GET', /^\/search\/universal/],
] as const) {
  test(`where Graylog refuses ${what}, all that was made before is taken back`, {
    ...withGraylog,
    timeout: WITHIN_MS,
  }, async (t) => {
    const graylog = await realGraylog();
    const before = await stateOf(graylog);
    const isRefused = (verb: string, at: string): boolean => verb === method && path.test(at);
    const { address, wasRefused } = await refusing(t, graylog.address, isRefused);
    const { code, text } = await said(['install', address, ...WEBHOOK], smallSources(sources));
    assert.ok(wasRefused(), text);
    assert.equal(code, 1);
    assert.match(text, /refused on purpose/);
    assert.doesNotMatch(text, /not undone/);
    assert.deepEqual(await stateOf(graylog), before);
  });
}

test('what is below the address of a Graylog is no Graylog', withGraylog, async () => {
  const { address } = await realGraylog();
  const { code, text } = await said(['install', `${address}/nowhere`]);
  assert.match(text, /is no Graylog/);
  assert.equal(code, 1);
});

test('the content pack makes the same by hand, `install` says so, and it goes without a trace', {
  ...withGraylog,
  timeout: WITHIN_MS,
}, async (t) => {
  const graylog = await realGraylog();
  const before = await stateOf(graylog);
  const began = Date.now();
  const takeAway = await installPack(graylog, sources);
  t.diagnostic(`installed by hand in ${(Date.now() - began) / 1_000} s`);
  try {
    const present = await readPresent(graylog);
    const plan = planOf(sources, settle(sources.parameters, { WEBHOOK_URL: 'http://192.0.2.1/' }, {}), fractionKeys);
    for (const kind of KINDS.filter(({ name }) => !NOT_IN_A_PACK.includes(name))) {
      const wanted = plan.filter((one) => one.kind === kind).map(({ key }) => key);
      assert.deepEqual([...(present.get(kind)?.keys() ?? [])].toSorted(), wanted.toSorted(), kind.name);
    }
    const titles = await graylog.get<{ elements: { title: string }[] }>('/dashboards?per_page=1000');
    for (const { title } of sources.dashboards) assert.ok(titles.elements.some((one) => one.title === title));
    const rules = await graylog.get<{ title: string; source: string; errors?: object[] }[]>('/system/pipelines/rule');
    for (const { title, source } of sources.rules) {
      const found = rules.find((one) => one.title === title);
      assert.deepEqual([found?.source, found?.errors ?? []], [source, []], title);
    }
    for (const command of ['install', 'uninstall']) {
      const { code, text } = await said([command, graylog.address]);
      assert.match(text, /The content pack is installed here/);
      assert.equal(code, 1);
    }
  } finally {
    await takeAway();
  }
  assert.deepEqual(await stateOf(graylog), before);
});
