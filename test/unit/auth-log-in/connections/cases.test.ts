import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { InfraRecord } from '../../../../lib/record.ts';
import { ConnectionMemory } from '../../../../nodes/auth-log-in/connections/memory.ts';
import { parseMemory } from '../../../../nodes/auth-log-in/connections/saved.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

/**
 * A case is a folder with the lines of a log (`input.log`) and what is joined to each record (`connections.json`); where a
 * script made the lines, `options.json` says how many failed logins it made (`attempts`). `UPDATE_FIXTURES=1` writes what
 * is expected, to be read before it is committed.
 */
const FIXTURES = new URL('../../../fixtures/auth-log-in/', import.meta.url);

const cases = readdirSync(FIXTURES).filter((name) => existsSync(new URL(`${name}/connections.json`, FIXTURES)));

/** What the memory adds: its own keys, and the values of those that it inherited. */
function joined(record: InfraRecord): object {
  const { message, connection_id, login_failures, inherited_fields } = record;
  const names = typeof inherited_fields === 'string' ? inherited_fields.split(',') : [];
  const inherited = Object.fromEntries(names.map((name) => [name, record[name]]));
  return JSON.parse(
    JSON.stringify({ message, connection_id, login_failures, inherited_fields, ...inherited }),
  ) as object;
}

function through(records: InfraRecord[], memory = new ConnectionMemory()): object[] {
  return records.map((record) => {
    const copy = { ...record };
    memory.note(copy);
    return joined(copy);
  });
}

for (const name of cases) {
  const folder = new URL(`${name}/`, FIXTURES);
  const optionsFile = new URL('options.json', folder);
  const options: { attempts?: number; zone?: string; modified?: string } = existsSync(optionsFile)
    ? JSON.parse(readFileSync(optionsFile, 'utf8'))
    : {};
  const reader = createLineReader({ host: 'monitored', zone: options.zone ?? 'UTC', rawLine: false });
  const read = (): InfraRecord[] =>
    readFileSync(new URL('input.log', folder), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line, at) =>
        reader.fromLine(line, `line-${at + 1}`, Date.parse(options.modified ?? '2026-12-01T00:00:00Z')),
      );

  test(`the connections of ${name} are told apart and their failed logins counted once`, () => {
    const found = through(read());
    const expected = new URL('connections.json', folder);
    if (process.env.UPDATE_FIXTURES === '1') writeFileSync(expected, `${JSON.stringify(found, undefined, 2)}\n`);
    assert.deepEqual(found, JSON.parse(readFileSync(expected, 'utf8')));
    const sum = found.reduce((total, record) => total + (((record as InfraRecord).login_failures as number) ?? 0), 0);
    if (options.attempts !== undefined) assert.equal(sum, options.attempts);
  });

  test(`a restart at any line of ${name} changes nothing`, () => {
    const whole = through(read());
    for (let at = 0; at <= whole.length; at++) {
      const records = read();
      const before = new ConnectionMemory();
      through(records.slice(0, at), before);
      const saved = before.save();
      const state = JSON.stringify(saved);
      // What comes after the position of the checkpoint is read again.
      through(records.slice(at), before);
      assert.equal(JSON.stringify(saved), state, 'what is to be saved does not change later');
      const after = new ConnectionMemory(parseMemory(JSON.parse(state)));
      assert.deepEqual(through(records.slice(at), after), whole.slice(at), `after line ${at}`);
    }
  });
}

test('connections and failed logins are expected in many cases', () => {
  const count = (key: string): number =>
    cases.filter((name) => readFileSync(new URL(`${name}/connections.json`, FIXTURES), 'utf8').includes(`"${key}"`))
      .length;
  assert.ok(count('connection_id') >= 30, `${count('connection_id')}`);
  assert.ok(count('login_failures') >= 30, `${count('login_failures')}`);
});
