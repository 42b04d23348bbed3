// The installer against what a real Graylog answered. `npm run graylog -- record URL` records it anew.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRecorded, playGraylog, recordingOf } from '../../../support/graylog-recording.ts';
import { fractionKeys, type Sources, sources } from '../../../support/graylog-sources.ts';
import { packageRoot } from '../../../support/node-red.ts';
import { scriptModule } from '../../../support/script.ts';

interface Case {
  readonly name: string;
  words(address: string): string[];
  change?(sources: Sources): Sources;
  env?(reader: { user: string; password: string }): NodeJS.ProcessEnv;
}
const { runWith } = await scriptModule<{ runWith(words: string[], site: object): Promise<number> }>('graylog/main.js');
const { hashOf } = await scriptModule<{ hashOf(one: Sources): string }>('graylog/sources.js');
const { CASES, smallSources } = await scriptModule<{ CASES: Case[]; smallSources(one: Sources): Sources }>(
  'graylog/recorded-cases.js',
);

const small = smallSources(sources);
const versions = readdirSync(join(packageRoot, 'test/fixtures/graylog')).filter((name) => /^\d/.test(name));
const ADMIN = { GRAYLOG_USER: 'admin', GRAYLOG_PASSWORD: 'secret' };

for (const version of versions) {
  const recorded = CASES.filter(({ name }) => isRecorded(version, name));
  for (const { name, words, change = (one: Sources) => one, env = () => ({}) } of recorded) {
    test(`Graylog ${version}, ${name}: the same requests, and the same is said`, async (t) => {
      const recording = recordingOf(version, name);
      assert.equal(recording.sources, hashOf(small), 'graylog/ has changed since it was recorded');
      const played = await playGraylog(t, version, recording);
      let text = '';
      const stream = {
        write: (piece: string) => {
          text += piece;
        },
      };
      const code = await runWith(words(played.address), {
        ...{ env: { ...ADMIN, ...env({ user: 'reader', password: 'secret' }) }, sources: change(small), fractionKeys },
        ...{ output: stream, errors: stream },
      });
      assert.deepEqual(played.unknown, [], text);
      assert.equal(text.replaceAll(played.address, 'ADDRESS'), recording.output);
      assert.equal(code, recording.code);
      assert.deepEqual(played.unasked(), []);
    });
  }

  const output = (name: string): string => recordingOf(version, name).output;
  const words = (name: string): string[] =>
    output(name)
      .split('\n')
      .map((line) => line.split(' ')[0] as string);
  const changes = (name: string): string[] =>
    recordingOf(version, name).exchanges.flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`]));

  test(`Graylog ${version}: a second installation changes nothing`, () => {
    assert.deepEqual(changes('install-again'), []);
    assert.deepEqual(
      changes('dry-run').filter((one) => !one.endsWith('/rule/parse')),
      [],
    );
  });

  test(`Graylog ${version}: what goes is said in the same order each time`, () => {
    for (const kind of ['input', 'stream']) {
      const said = output('uninstall')
        .split('\n')
        .filter((line) => line.startsWith(`removed    ${kind} `));
      assert.ok(said.length > 2);
      assert.deepEqual(said, said.toSorted());
    }
  });

  test(`Graylog ${version}: a newer version changes in place: every id stays`, () => {
    const made = changes('upgrade').filter((one) => one.startsWith('POST'));
    assert.deepEqual(
      made.filter((one) => !/rule\/parse|views\/search|system\/grok|cluster\/metrics/.test(one)),
      [],
    );
    assert.ok(words('upgrade').includes('changed') && words('upgrade').includes('removed'));
  });

  test(`Graylog ${version}: after a fault on the way everything is as it was`, () => {
    const done = words('port-of-a-program').filter((word) => word === 'made').length;
    assert.ok(done > 20);
    assert.equal(words('port-of-a-program').filter((word) => word === 'undone').length, done);
    assert.match(output('port-of-a-program'), /does not start: .*in use/i);
  });

  test(`Graylog ${version}: what is gone after an uninstallation is all but the data`, () => {
    assert.match(output('uninstall'), /kept +index set/);
    assert.match(output('uninstall-with-data'), /removed +index set/);
    assert.match(output('uninstall-nothing'), /0 removed, 0 kept/);
  });

  for (const [name, expected] of [
    ['wrong-password', /does not know this token/],
    ['wrong-token', /does not know this token/],
    ['no-rights', /administrator's token is needed/],
    ['rule-refused', /refuses the rule rules\/10 one\.rule:\d+:\d+: /],
    [
      'port-of-an-input',
      /Port 9090 for "infra-monitoring: docker events \(TCP\)" is taken by the input "somebody else"/,
    ],
    ['pack-installed', /The content pack is installed here/],
  ] as const) {
    test(`Graylog ${version}: ${name} is said before anything is done`, () => {
      assert.match(output(name), expected);
      assert.deepEqual(
        changes(name).filter((one) => !one.endsWith('/rule/parse')),
        [],
      );
    });
  }
}
