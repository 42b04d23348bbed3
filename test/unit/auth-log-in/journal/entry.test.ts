import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { toEntry } from '../../../../nodes/auth-log-in/journal/entry.ts';
import { ExportSplitter, type JournalFields } from '../../../../nodes/auth-log-in/journal/export-format.ts';

const CURSOR = 's=0123abcd;i=4f;b=0;m=0;t=0;x=0';

function headerOf(fields: object) {
  return toEntry(new Map(Object.entries({ __CURSOR: CURSOR, ...fields }))).header;
}

test('toEntry() gives the parts of a line of syslog, and who wrote the entry', () => {
  const fields = new Map([
    ['__CURSOR', CURSOR],
    ['__REALTIME_TIMESTAMP', '1700000000123456'],
    ['SYSLOG_IDENTIFIER', 'sshd'],
    ['_PID', '7'],
    ['_UID', '1000'],
    ['_EXE', '/usr/bin/logger'],
    ['_HOSTNAME', 'web1'],
    ['MESSAGE', 'grün  '],
  ]);
  assert.deepEqual(toEntry(fields), {
    cursor: CURSOR,
    at: { sequence: '0123abcd', number: 0x4f },
    id: 'journal-0123abcd-4f',
    header: {
      time: '2023-11-14T22:13:20.123Z',
      hostname: 'web1',
      program: 'sshd',
      processId: 7,
      message: 'grün',
    },
    known: { trust: 'none', process_user_id: 1000, process_executable: '/usr/bin/logger' },
  });
});

test('toEntry() leaves out of the origin what journald did not know', () => {
  assert.deepEqual(toEntry(new Map([['__CURSOR', CURSOR]])).known, { trust: 'full' });
  assert.deepEqual(
    toEntry(
      new Map([
        ['_UID', 'root'],
        ['_EXE', ''],
      ]),
    ).known,
    { trust: 'none' },
  );
});

test('toEntry() takes the time of the journal where that of the source is impossible, and none where both are', () => {
  const received = { __REALTIME_TIMESTAMP: '1700000000123456' };
  for (const bad of ['18446744073709551615', '', '-1', 'soon', '1e15', '9'.repeat(400)]) {
    assert.equal(headerOf({ ...received, _SOURCE_REALTIME_TIMESTAMP: bad }).time, '2023-11-14T22:13:20.123Z', bad);
    assert.equal(headerOf({ __REALTIME_TIMESTAMP: bad }).time, undefined, bad);
  }
});

test('toEntry() leaves out a process number that is none', () => {
  assert.equal(headerOf({ SYSLOG_PID: 'x', _PID: '7' }).processId, 7);
  for (const bad of ['', ' 1', '1.5', '-1', '1e3', '0x10', '99999999999']) {
    assert.equal(headerOf({ SYSLOG_PID: bad }).processId, undefined, bad);
  }
});

test("toEntry() takes the kernel's word for the process of a writer who is not believed", () => {
  assert.equal(headerOf({ _UID: '1000', _EXE: '/usr/bin/logger', SYSLOG_PID: '1', _PID: '7' }).processId, 7);
});

test('toEntry() gives the first line that says something, and all of them beside it', () => {
  const entry = (message: string) => {
    const { header, known } = toEntry(new Map([['MESSAGE', message]]));
    return [header.message, known.full_message];
  };
  assert.deepEqual(entry('one\n two\nthree\n'), ['one', 'one\n two\nthree']);
  assert.deepEqual(entry('\n \r\none  \r\ntwo'), ['one', '\n \r\none  \r\ntwo']);
  assert.deepEqual(entry('one\n'), ['one', undefined]);
  const cut = '… [cut: the entry has 30000000 bytes]';
  assert.deepEqual(entry(`one\ntw${cut}`), [`one${cut}`, `one\ntw${cut}`]);
  assert.deepEqual(entry(`one${cut}`), [`one${cut}`, undefined]);
});

test('toEntry() says that there is no message, where it is missing, empty or blank', () => {
  for (const fields of [{}, { MESSAGE: '' }, { MESSAGE: ' \n\n ' }])
    assert.equal(headerOf(fields).message, '(no message)');
});

test('toEntry() takes the program from the process where the entry does not name one', () => {
  assert.equal(headerOf({ SYSLOG_IDENTIFIER: '', _COMM: 'sshd' }).program, 'sshd');
  assert.equal(headerOf({ SYSLOG_IDENTIFIER: '', _COMM: '' }).program, undefined);
});

test('toEntry() takes session and user of logind from its fields, and of anyone else the session that journald saw', () => {
  const knownOf = (fields: object) => toEntry(new Map(Object.entries(fields))).known;
  const said = { SESSION_ID: '5', USER_ID: 'alice', MESSAGE: 'Removed session 5.' };
  const logind = { SYSLOG_IDENTIFIER: 'systemd-logind', ...said };
  assert.deepEqual(knownOf({ ...logind, _UID: '0' }), {
    trust: 'full',
    process_user_id: 0,
    session_id: '5',
    user_name: 'alice',
  });
  const forged = { ...logind, _UID: '1000', _EXE: '/usr/bin/python3', _SYSTEMD_SESSION: '9' };
  const { session_id, user_name } = knownOf(forged);
  assert.deepEqual([session_id, user_name], ['9', undefined]);
  assert.equal(knownOf({ ...said, _AUDIT_SESSION: '7' }).session_id, '7');
  assert.equal(knownOf({ ...said, _AUDIT_SESSION: '4294967295' }).session_id, undefined);
  assert.equal(knownOf({ _SYSTEMD_SESSION: 'c1', _AUDIT_SESSION: '7' }).session_id, 'c1');
});

/**
 * What real programs wrote, as journald kept it. `UPDATE_FIXTURES=1` writes what is expected, to be read before it is
 * committed.
 */
for (const file of globSync('../../../fixtures/auth-log-in/journal-*/input.export', { cwd: import.meta.dirname })) {
  test(`toEntry() knows who wrote what in ${file.split('/').at(-2)}`, () => {
    const path = `${import.meta.dirname}/${file}`;
    const entries: JournalFields[] = [];
    new ExportSplitter().push(readFileSync(path), entries);
    const found = entries.map(toEntry).map(({ header, known: { process_executable, ...known } }) => ({
      message: `${header.program}[${header.processId}]: ${header.message}`,
      ...known,
    }));
    const expected = path.replace('input.export', 'known.json');
    if (process.env.UPDATE_FIXTURES === '1') writeFileSync(expected, `${JSON.stringify(found, undefined, 2)}\n`);
    assert.deepEqual(found, JSON.parse(readFileSync(expected, 'utf8')));
  });
}

test('toEntry() never throws, whatever the fields hold', () => {
  const names = ['_SOURCE_REALTIME_TIMESTAMP', 'SYSLOG_PID', '_UID', '_EXE', 'SYSLOG_IDENTIFIER', 'MESSAGE'];
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, fc.string()])));
  fc.assert(fc.property(fields, (one) => void headerOf(one)));
});
