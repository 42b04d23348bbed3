/** How bad a JSON line is, by what its logger says of it. */

import { asObject, type JsonObject } from '../../../lib/docker/json.ts';
import { type Level, Severity } from '../../../lib/record.ts';

const { emergency, alert, critical, error, warning, notice, info, debug } = Severity;

/** The names of winston (npm's and syslog's), zap, logrus, zerolog, Python, Java, .NET, glog and journald. */
const NAMES: ReadonlyMap<string, Level> = new Map<string, Level>([
  ['emerg', emergency],
  ['emergency', emergency],
  ['alert', alert],
  ['crit', critical],
  ['critical', critical],
  ['fatal', critical],
  ['panic', critical],
  ['dpanic', critical],
  ['severe', error],
  ['error', error],
  ['err', error],
  ['eror', error],
  ['warning', warning],
  ['warn', warning],
  ['notice', notice],
  ['info', info],
  ['information', info],
  ['informational', info],
  ['http', info],
  ['config', debug],
  ['verbose', debug],
  ['debug', debug],
  ['dbug', debug],
  ['fine', debug],
  ['finer', debug],
  ['finest', debug],
  ['silly', debug],
  ['trace', debug],
]);

/** pino's and bunyan's numbers. */
const PINO: ReadonlyMap<number, Level> = new Map<number, Level>([
  [10, debug],
  [20, debug],
  [30, info],
  [40, warning],
  [50, error],
  [60, critical],
]);

/** What loggers call it. Of two, the first counts. */
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'levelname', 'loglevel', 'log_level', 'log.level', 'level_name', '@l'];
/** What has the numbers of syslog only. A `level` of 3 may be anybody's. */
const SYSLOG_KEYS = ['severity', 'PRIORITY', 'priority', 'syslog_severity', 'syslog.severity'];

const LONGEST_NAME = 20;

function numberIn(value: unknown): number {
  if (typeof value === 'string' && /^\d{1,2}$/.test(value)) return Number(value);
  return typeof value === 'number' ? value : Number.NaN;
}

function namedLevel(value: unknown): Level | undefined {
  if (typeof value === 'string' && value.length <= LONGEST_NAME) {
    const known = NAMES.get(value.trim().toLowerCase());
    if (known !== undefined) return known;
  }
  return PINO.get(numberIn(value));
}

function syslogLevel(value: unknown): Level | undefined {
  const number = numberIn(value);
  return Number.isInteger(number) && number >= emergency && number <= debug ? (number as Level) : undefined;
}

/** The level that the members of a JSON line name; undefined where they name none that is known. */
export function levelOfJson(members: JsonObject): Level | undefined {
  for (const key of LEVEL_KEYS) {
    const value = members[key];
    const level = value === undefined ? undefined : namedLevel(value);
    if (level !== undefined) return level;
  }
  for (const key of SYSLOG_KEYS) {
    const value = members[key];
    const level = value === undefined ? undefined : syslogLevel(value);
    if (level !== undefined) return level;
  }
  const nested = asObject(members.log)?.level;
  return nested === undefined ? undefined : namedLevel(nested);
}

/** Whether a member of this name only says how bad a line is. */
export function isLevelKey(key: string): boolean {
  return LEVEL_KEYS.includes(key) || SYSLOG_KEYS.includes(key);
}
