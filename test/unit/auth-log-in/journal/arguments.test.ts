import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followArguments, newestArguments, printArguments } from '../../../../nodes/auth-log-in/journal/arguments.ts';

const PLACE = { hostRoot: '/host', machineId: undefined };

test('journalctl begins with the entry of a cursor, else at a time, else at the beginning, under the root that is named', () => {
  const own = (position: object): string[] =>
    followArguments(PLACE, position).filter((argument) => /cursor|since|root|directory/.test(argument));
  assert.deepEqual(own({ cursor: 's=1', sinceMicros: 1 }), ['--cursor=s=1', '--root=/host']);
  assert.deepEqual(own({ sinceMicros: 1_500_000 }), ['--since=@1.500000', '--root=/host']);
  assert.deepEqual(own({}), ['--root=/host']);
  assert.deepEqual(
    followArguments({ ...PLACE, hostRoot: '/' }, {}).filter((argument) => /root|directory/.test(argument)),
    [],
  );
});

test('journalctl reads every boot: where it follows without --merge, it reads the newest one alone', () => {
  assert.ok(followArguments(PLACE, {}).includes('--merge'));
  assert.ok(!printArguments(PLACE, {}).includes('--follow'));
});

test('journalctl is asked for auth, authpriv and the programs that are about nothing else, of this machine only', () => {
  const all = followArguments({ ...PLACE, machineId: 'f00' }, {});
  const groups = all
    .slice(all.findIndex((argument) => argument.startsWith('_MACHINE_ID')))
    .join(' ')
    .split(' + ');
  assert.equal(groups.length, 3);
  for (const group of groups) assert.match(group, /^_MACHINE_ID=f00 /);
  assert.equal(groups[0], '_MACHINE_ID=f00 SYSLOG_FACILITY=4 SYSLOG_FACILITY=10');
  assert.match(groups[1] ?? '', / _COMM=sshd( |$)/);
  assert.match(groups[2] ?? '', / _SYSTEMD_UNIT=ssh\.service .*SYSLOG_IDENTIFIER=sshd( |$)/);
  assert.ok(!followArguments(PLACE, {}).join(' ').includes('_MACHINE_ID='));
});

test('journalctl is asked for long values in full, and for nothing that is not read', () => {
  const all = followArguments(PLACE, {});
  assert.ok(all.includes('--all'));
  assert.ok(all.some((argument) => /^--output-fields=.*MESSAGE/.test(argument)));
  const newest = newestArguments(PLACE);
  assert.ok(newest.includes('--lines=1') && !newest.some((argument) => argument.includes('MESSAGE')));
});
