import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../support/folder.ts';
import { packageRoot } from '../../../support/node-red.ts';
import { scriptModule } from '../../../support/script.ts';

interface Start {
  readArguments(words: string[], userDir: string): { userDir: string; flowFile?: string; uiHost?: string };
  destination(root: string, userDir: string, environment: Record<string, string>): Promise<string>;
  deployFlows(root: string, userDir: string, flowFile: string): string[];
  checkPassword(password: string): string;
  passwordUser(bcrypt: object, password: string): { username: string; password: string; permissions: string };
  secretOf(environment: Record<string, string>, name: string): string | undefined;
}

const parts = ['arguments', 'destination', 'flows', 'password'].map((part) => scriptModule<Start>(`start/${part}.js`));
const start = Object.assign({}, ...(await Promise.all(parts))) as Start;
const { readArguments, destination, deployFlows, checkPassword, passwordUser, secretOf } = start;

/** A user directory in which an earlier version deployed `text`, untouched since. */
function deployedBefore(text: string): { userDir: string; flowFile: string } {
  const userDir = temporaryFolder();
  const flowFile = join(userDir, 'flows.json');
  mkdirSync(join(userDir, 'infra-monitoring'));
  writeFileSync(flowFile, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(userDir, 'infra-monitoring/deployed.json'), JSON.stringify({ sha256 }));
  return { userDir, flowFile };
}

const OLD_PAIR = JSON.stringify([{ id: 'infra0000000tab' }, { id: 'collector000http', type: 'http in', url: '/gelf' }]);

test('the default flow is deployed once, for its owner only', () => {
  const userDir = temporaryFolder();
  const flowFile = join(userDir, 'flows.json');
  assert.match(deployFlows(packageRoot, userDir, flowFile).join(), /^Deployed/);
  assert.deepEqual(deployFlows(packageRoot, userDir, flowFile), []);
  assert.equal(statSync(flowFile).mode & 0o777, 0o600);
  assert.equal(statSync(join(userDir, 'infra-monitoring')).mode & 0o777, 0o700);
});

test('the flow of an earlier version, with its collector, is renewed where nobody has touched it', () => {
  const { userDir, flowFile } = deployedBefore(OLD_PAIR);
  assert.match(deployFlows(packageRoot, userDir, flowFile).join(), /^Renewed/);
  assert.doesNotMatch(readFileSync(flowFile, 'utf8'), /collector000http|"\/gelf"/);
});

test('a flow that was changed stays, and its collector is named', () => {
  const { userDir, flowFile } = deployedBefore(OLD_PAIR);
  const mine = OLD_PAIR.replace('/gelf', '/mine');
  writeFileSync(flowFile, mine);
  assert.match(deployFlows(packageRoot, userDir, flowFile).join(), /stays as it is.*Delete its tab "Collector"/);
  assert.equal(readFileSync(flowFile, 'utf8'), mine);
  writeFileSync(flowFile, '[]');
  assert.deepEqual(deployFlows(packageRoot, userDir, flowFile), []);
});

test('the words for Node-RED say where it listens', () => {
  const host = (...words: string[]) => readArguments(words, '/ud').uiHost;
  assert.equal(host(), undefined);
  assert.equal(host('-D', 'uiHost=0.0.0.0'), '0.0.0.0');
  assert.equal(host('--define', 'a=1', '--define=uiHost=::', '--port', '1'), '::');
  assert.equal(host('-D', 'uiHost=::', '-D', 'uiPort=1'), '::');
  const { userDir, flowFile } = readArguments(['-u', '/other', 'flow.json'], '/ud');
  assert.deepEqual([userDir, flowFile], ['/other', join(process.cwd(), 'flow.json')]);
});

test('what is said of the destination holds no password', async () => {
  const say = (environment: Record<string, string>) => destination(packageRoot, '/ud', environment);
  assert.match(await say({}), /kept in .*ud.infra-monitoring\/collected\.ndjson$/);
  assert.equal(await say({ LOGGING_URL: 'a, udp://b:1' }), 'Records go to tcp://a:12201, udp://b:1');
  for (const url of [
    'https://user:s3cret@graylog',
    'https://user:s3cret@graylog:99999',
    'tcp://user:s3cret@graylog',
    'https://user:a,s3cret@graylog',
  ]) {
    assert.doesNotMatch(await say({ LOGGING_URL: url }), /s3cret/);
  }
  assert.match(await say({ LOGGING_URL_FILE: '/run/secrets/url' }), /LOGGING_URL_FILE/);
});

test('a secret comes from its variable, else from the file that is named', () => {
  const file = join(temporaryFolder(), 'password');
  writeFileSync(file, 's3cret\n');
  assert.equal(secretOf({ P: ' direct ', P_FILE: file }, 'P'), 'direct');
  assert.equal(secretOf({ P: '', P_FILE: file }, 'P'), 's3cret');
  assert.equal(secretOf({}, 'P'), undefined);
  assert.throws(() => secretOf({ P_FILE: `${file}x` }, 'P'), /P_FILE names a file that cannot be read/);
  writeFileSync(file, ' \n');
  assert.throws(() => secretOf({ P_FILE: file }, 'P'), /P_FILE names a file that is empty/);
});

test('the password is kept as bcrypt, which takes all of it', () => {
  const bcrypt = createRequire(join(packageRoot, 'node_modules/node-red/red.js'))('bcryptjs') as {
    hashSync(text: string, rounds: number): string;
    compareSync(text: string, hash: string): boolean;
  };
  const { username, password, permissions } = passwordUser(bcrypt, 's3cret');
  assert.deepEqual([username, permissions], ['admin', '*']);
  assert.equal(bcrypt.compareSync('s3cret', password), true);
  assert.throws(() => checkPassword('ü'.repeat(37)), /more than 72 bytes/);
});
