import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../support/node-red.ts';

/** What runs on a host. */
const SOURCES = ['nodes', 'lib', 'plugins', 'flows', 'scripts/start', 'scripts/start.js'];
/** Ours by their beginning, and those that have none. */
const NAME =
  /\b(?:(?:LOGGING|MONITORED|MONITORING)_[A-Z][A-Z_0-9]+|DOCKER_(?:HOST|COMPOSE_DIR|CERT_PATH|TLS_VERIFY|CONTEXT|CONFIG)|HOST_ROOT|AUTH_LOG|HTTP_CHECK_URL|PING_URL|ALERT_WEBHOOK_URL|AWS_EC2_METADATA_SERVICE_ENDPOINT)\b/g;
const SECRET = /\bsecret(?:Setting|Of)\([^()]*?(?:\([^()]*\)[^()]*?)*'([A-Z_]+)'\)/g;
/** A variable of the default flow's tab, which carries its version. */
const OF_THE_FLOW = 'MONITORING_FLOW';

function textsBelow(path: string): string[] {
  const file = join(packageRoot, path);
  if (statSync(file).isFile()) return [readFileSync(file, 'utf8')];
  const names = readdirSync(file, { recursive: true }) as string[];
  return names
    .filter((name) => /\.(ts|js|json)$/.test(name) && !name.includes('locales'))
    .map((name) => readFileSync(join(file, name), 'utf8'));
}

const texts = SOURCES.flatMap(textsBelow);

function rowsOfReadme(): string[] {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  const table = readme.slice(readme.indexOf('\n## Environment'), readme.indexOf('\n## Examples'));
  return [...table.matchAll(/^\| (`[A-Z][^|]*)\|/gm)].map(([, cell = '']) => cell);
}

const documented = new Set(
  rowsOfReadme().flatMap((cell) =>
    [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => (name.startsWith('_') ? `LOGGING_PORT${name}` : name)),
  ),
);

test('every variable that the code reads has a row in the README, and every row one that it reads', () => {
  const read = new Set(texts.flatMap((text) => text.match(NAME) ?? []));
  for (const name of documented) if (read.has(name.replace(/_FILE$/, ''))) read.add(name);
  read.delete(OF_THE_FLOW);
  const inCode = [...read].filter(
    (name) => !name.endsWith('_FILE') || name === 'MONITORING_HEALTH_FILE' || documented.has(name),
  );
  assert.deepEqual(inCode.sort(), [...documented].sort());
});

test('every secret can come from a file', () => {
  const secrets = new Set(texts.flatMap((text) => [...text.matchAll(SECRET)].map(([, name = '']) => name)));
  assert.ok(secrets.has('LOGGING_URL') && secrets.has('MONITORING_PASSWORD'), [...secrets].join());
  for (const name of secrets) assert.ok(documented.has(`${name}_FILE`), `${name}_FILE is in the README`);
});
