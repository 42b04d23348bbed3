import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Forecast } from '../../../nodes/disk-stats/forecast.ts';

const HOUR = 3_600_000;
const GIB = 1024 ** 3;

test('the forecast tells the time until full at a steady pace and nothing while space grows', () => {
  const shrinking = new Forecast();
  let seconds: number | undefined;
  for (let hour = 0; hour <= 4; hour += 0.05)
    seconds = shrinking.secondsUntilFull(hour * HOUR, (100 - 10 * hour) * GIB, 200 * GIB);
  assert.ok(seconds !== undefined && Math.abs(seconds - 6 * 3600) < 200, `${seconds}`);
  const growing = new Forecast();
  for (let hour = 0; hour <= 4; hour += 0.05)
    seconds = growing.secondsUntilFull(hour * HOUR, (10 + hour) * GIB, 200 * GIB);
  assert.equal(seconds, undefined);
});

test('the forecast waits for half an hour and starts anew when the filesystem is resized', () => {
  const forecast = new Forecast();
  assert.equal(forecast.secondsUntilFull(0, 100, 1000), undefined);
  assert.equal(forecast.secondsUntilFull(HOUR / 4, 90, 1000), undefined);
  assert.notEqual(forecast.secondsUntilFull(HOUR, 60, 1000), undefined);
  assert.equal(forecast.secondsUntilFull(HOUR + 60_000, 1055, 2000), undefined);
});

test('the forecast of a filesystem that was emptied a moment ago does not hold its filling against it', () => {
  const fill = (forecast: Forecast): void => {
    for (let hour = 0; hour <= 4; hour += 0.05)
      forecast.secondsUntilFull(hour * HOUR, (100 - 20 * hour) * GIB, 100 * GIB);
  };
  const emptied = new Forecast();
  fill(emptied);
  assert.equal(emptied.secondsUntilFull(4.1 * HOUR, 100 * GIB, 100 * GIB), undefined);
  const halfEmptied = new Forecast();
  fill(halfEmptied);
  const seconds = halfEmptied.secondsUntilFull(4.1 * HOUR, 59 * GIB, 100 * GIB);
  assert.ok(seconds !== undefined && Math.abs(seconds - 5.9 * 3600) < 200, `${seconds}`);
});

test('a large file that was written a moment ago hardly changes the forecast', () => {
  const forecast = new Forecast();
  for (let hour = 0; hour <= 4; hour += 0.05) forecast.secondsUntilFull(hour * HOUR, (900 - hour) * GIB, 1000 * GIB);
  const seconds = forecast.secondsUntilFull(4.1 * HOUR, 700 * GIB, 1000 * GIB);
  assert.ok(seconds !== undefined && seconds > 2 * 86_400, `${seconds}`);
});
