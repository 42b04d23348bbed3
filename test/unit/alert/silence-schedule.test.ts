import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isZone } from '../../../lib/time-zone.ts';
import {
  parseTimeOfDay,
  SilenceSchedule,
  type SilenceWindow,
  type Weekday,
} from '../../../nodes/alert/silence-schedule.ts';

const window = (from: string, to: string, days: readonly Weekday[] = [], zone = 'UTC'): SilenceWindow => ({
  days,
  from: parseTimeOfDay(from) ?? Number.NaN,
  to: parseTimeOfDay(to) ?? Number.NaN,
  zone,
});
const isSilent = (windows: SilenceWindow[], time: string): boolean =>
  new SilenceSchedule(windows).isSilent(Date.parse(time));

test('a night belongs to the day on which it begins', () => {
  // 2026-11-23 is a Monday.
  const nights = [window('22:00', '06:00', ['mon'])];
  for (const time of ['2026-11-23T22:00:00Z', '2026-11-24T05:59:59Z']) assert.equal(isSilent(nights, time), true, time);
  for (const time of ['2026-11-23T05:00:00Z', '2026-11-23T21:59:59Z', '2026-11-24T06:00:00Z', '2026-11-24T23:00:00Z'])
    assert.equal(isSilent(nights, time), false, time);
});

test('a window to 24:00 leaks no minute, and one that ends where it begins is a whole day', () => {
  assert.equal(isSilent([window('20:00', '24:00')], '2026-11-23T23:59:59.999Z'), true);
  assert.equal(isSilent([window('20:00', '24:00')], '2026-11-24T00:00:00Z'), false);
  const day = [window('08:00', '08:00', ['sat'])];
  assert.equal(isSilent(day, '2026-11-29T07:59:59Z'), true);
  assert.equal(isSilent(day, '2026-11-29T08:00:00Z'), false);
  assert.equal(isSilent(day, '2026-11-28T07:59:59Z'), false);
});

test('the hour that summer time skips is no hole, and the one that comes twice is silent twice', () => {
  const early = [window('02:30', '03:30', [], 'Europe/Berlin')];
  // 2026-03-29: 02:00 is 03:00. 2026-10-25: 03:00 is 02:00 again.
  assert.equal(isSilent(early, '2026-03-29T00:59:00Z'), false);
  assert.equal(isSilent(early, '2026-03-29T01:00:00Z'), true);
  assert.equal(isSilent(early, '2026-03-29T01:30:00Z'), false);
  assert.equal(isSilent(early, '2026-10-25T00:30:00Z'), true);
  assert.equal(isSilent(early, '2026-10-25T01:00:00Z'), false);
  assert.equal(isSilent(early, '2026-10-25T01:30:00Z'), true);
  assert.equal(isSilent(early, '2026-10-25T02:30:00Z'), false);
});

test('a window keeps its time on the wall from winter to summer', () => {
  const noon = [window('12:00', '13:00', [], 'Europe/Berlin')];
  assert.equal(isSilent(noon, '2026-01-15T11:30:00Z'), true);
  assert.equal(isSilent(noon, '2026-07-15T10:30:00Z'), true);
  assert.equal(isSilent(noon, '2026-07-15T11:30:00Z'), false);
});

test('zones with odd offsets, and a day that a zone never had', () => {
  assert.equal(isSilent([window('05:45', '05:46', [], 'Asia/Kathmandu')], '2026-11-23T00:00:00Z'), true);
  // Samoa went from Thursday to Saturday.
  assert.equal(isSilent([window('00:00', '24:00', ['fri'], 'Pacific/Apia')], '2011-12-30T12:00:00Z'), false);
});

test('the end of a silence is that of the windows that follow each other, and the next start is the first', () => {
  const schedule = new SilenceSchedule([window('22:00', '24:00', ['mon']), window('00:00', '06:00', ['tue'])]);
  const from = Date.parse('2026-11-23T23:10:30Z');
  assert.equal(new Date(schedule.endOf(from)).toISOString(), '2026-11-24T06:00:00.000Z');
  assert.equal(
    new Date(schedule.nextStart(Date.parse('2026-11-24T07:00:00Z')) ?? 0).toISOString(),
    '2026-11-30T22:00:00.000Z',
  );
  assert.equal(new SilenceSchedule([window('08:00', '08:00')]).endOf(from), Number.POSITIVE_INFINITY);
  assert.equal(new SilenceSchedule([]).nextStart(from), undefined);
});

test('every minute of a year is silent where a slow look at the clock says so', () => {
  const windows = [
    window('21:30', '04:15', ['sat', 'wed'], 'America/New_York'),
    window('01:30', '02:10', [], 'Europe/London'),
  ];
  const schedule = new SilenceSchedule(windows);
  const slow = (ms: number): boolean =>
    windows.some(({ days, from, to, zone }) => {
      const at = new Date(ms).toLocaleString('en-US', {
        timeZone: zone,
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
      const [name = '', clock = ''] = at.split(' ');
      const minute = parseTimeOfDay(clock) ?? Number.NaN;
      const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
      const today = names.indexOf(name.toLowerCase() as Weekday);
      const isDay = (day: number): boolean => days.length === 0 || days.includes(names[(day + 7) % 7] as Weekday);
      if (to > from) return isDay(today) && minute >= from && minute < to;
      return (isDay(today) && minute >= from) || (isDay(today - 1) && minute < to);
    });
  for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 227 * 60_000)
    assert.equal(schedule.isSilent(ms), slow(ms), new Date(ms).toISOString());
});

test('a time of day has one grammar, and a zone is one that this system knows', () => {
  assert.equal(parseTimeOfDay('24:00'), 1440);
  assert.equal(parseTimeOfDay('7:05'), 425);
  for (const text of ['24:01', '12:60', '7', '7:5', '', '12:00:00', '-1:00'])
    assert.equal(parseTimeOfDay(text), undefined, text);
  assert.equal(isZone('Europe/Berlin'), true);
  assert.equal(isZone('Europe/Atlantis'), false);
});
