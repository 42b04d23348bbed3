import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { localTime } from '../../../../nodes/auth-log-in/message/time-zone.ts';
import { parseZoneFile } from '../../../../nodes/auth-log-in/message/zone-file.ts';
import { real } from '../../../support/real.ts';

const FOLDER = '/usr/share/zoneinfo/';
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Santiago',
  'Asia/Tokyo',
];
const hasZones = existsSync(`${FOLDER}Africa/Casablanca`);

test(
  'the file of a zone gives the times that its name gives, before and after the last change that is in it',
  real('tzdata', hasZones),
  () => {
    for (const zone of ZONES) {
      const offsets = parseZoneFile(readFileSync(FOLDER + zone));
      assert.ok(offsets !== undefined, zone);
      const [byFile, byName] = [localTime(offsets), localTime(zone)];
      for (const year of [2024, 2026, 2030, 2045]) {
        for (let day = 1; day <= 365; day += 1) {
          for (const hour of [0, 3, 12]) {
            // Node.js has its own table, which need not know the newest law.
            if (year > 2024 && zone === 'Africa/Casablanca') continue;
            assert.equal(byFile(year, 1, day, hour), byName(year, 1, day, hour), `${zone} ${year} ${day} ${hour}`);
          }
        }
      }
    }
  },
);

test('no bytes make parseZoneFile() throw', () => {
  const start = Buffer.from('TZif2');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const offsets = parseZoneFile(Buffer.concat([start, bytes]));
      if (offsets !== undefined) offsets(1_795_456_800_000);
    }),
  );
  assert.equal(parseZoneFile(Buffer.from('no zone at all')), undefined);
});
