import { parseEvent } from '../../lib/docker/events.ts';
import { nanosOf } from '../../lib/docker/time.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { toEntry } from '../../nodes/auth-log-in/journal/entry.ts';
import { createLineReader } from '../../nodes/auth-log-in/message/record.ts';
import { usageOf } from '../../nodes/disk-stats/usage.ts';
import { eventMessage } from '../../nodes/docker-events-in/event.ts';
import { JsonLines } from '../../nodes/docker-logs-in/line/json-line.ts';
import { withoutEscapes } from '../../nodes/docker-logs-in/line/terminal.ts';
import { journalFields } from './graylog-raw-lines.ts';

/** The keys that this package makes of a raw line. A time that the line does not tell is `undefined`. */
export type Keys = Record<string, string | number | undefined>;

/** What needs a memory, and what is Graylog's own business. */
const NOT_COMPARED = ['event_id', 'host', 'log_type', 'full_message', 'json_rest'];

/** The keys of a line as this package has them; undefined where it has no parser for such a text. */
function ours(logType: string, text: string, recordedMs: number): Keys | undefined {
  const keys = OURS[logType]?.(text, recordedMs);
  if (keys === undefined) return undefined;
  for (const name of NOT_COMPARED) delete keys[name];
  return keys;
}

const OURS: Record<string, (text: string, recordedMs: number) => Keys | undefined> = {
  auth: (text, recordedMs) => {
    const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
    const journal = journalFields(text);
    if (journal.size > 0) {
      const { header, known } = toEntry(journal);
      return { ...reader.fromEntry(header, 'x', recordedMs, known) };
    }
    const keys: Keys = { ...reader.fromLine(text, 'x', recordedMs) };
    if (keys.time === new Date(recordedMs).toISOString()) keys.time = undefined;
    return keys;
  },
  docker_event: (text) => {
    const line = engineEvent(text);
    if (line === undefined) return undefined;
    const told = parseEvent(line);
    const nameBefore = told.event.Actor.Attributes.oldName?.replace('/', '');
    return { ...eventMessage({ ...told, nameBefore }, 'h').payload };
  },
  docker_log: (text) => (text.startsWith('{"version"') ? driverLine(text) : composeLine(text)),
  disk: dfLine,
  uptime: uptimeLine,
};

/** The event as the engine's stream has it, of what `docker-compose events --json` or `docker events` printed. */
function engineEvent(text: string): string | undefined {
  if (/^\{"(?:status|Type)"/.test(text)) return text;
  const told = text.startsWith('{') && text.endsWith('}') ? composeJson(text) : plainEvent(text);
  if (told === undefined) return undefined;
  const { time, type, action, id, attributes } = told;
  const nanos = nanosOf(/(?:Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time.replace(' ', 'T')}Z`);
  const event = { Type: type, Action: action, Actor: { ID: id, Attributes: attributes } };
  return JSON.stringify(event).replace(/\}$/, `,"timeNano":${nanos}}`);
}

interface Told {
  time: string;
  type: string;
  action: string;
  id: string;
  attributes: Record<string, string>;
}

function composeJson(text: string): Told {
  const { service, attributes, ...told } = JSON.parse(text);
  return { ...told, attributes: { ...attributes, 'com.docker.compose.service': service } };
}

function plainEvent(text: string): Told | undefined {
  const [, time, type, action, id, list] = /^(\d{4}\S+(?: \d\d:\S+)?) (\w+) (\S+) (\S+) \((.*)\)$/.exec(text) ?? [];
  if (time === undefined || type === undefined || action === undefined || id === undefined) return undefined;
  const pairs = (list ?? '').split(', ').map((pair) => pair.split('='));
  return { time, type, action, id, attributes: Object.fromEntries(pairs) };
}

function withJson(record: InfraRecord, text: string): Keys {
  record.message = text;
  new JsonLines().read(record, text);
  return { ...record };
}

function composeLine(text: string): Keys | undefined {
  const plain = withoutEscapes(text);
  const [, name, stamp, said] = /^([\w.-]+) +\| (?:(\d{4}-\d\d-\d\dT\S+) )?(.*)$/.exec(plain) ?? [];
  if (name === undefined || said === undefined) return undefined;
  const time = stamp === undefined ? undefined : new Date(stamp.replace(/(\.\d{3})\d*/, '$1')).toISOString();
  return { ...withJson({ level: 6, container_name: name } as unknown as InfraRecord, said), time };
}

function driverLine(text: string): Keys {
  const { version: _, host: __, short_message: said, timestamp, level, ...fields } = JSON.parse(text);
  const record = { level, stream: level === 3 ? 'stderr' : 'stdout' } as unknown as InfraRecord;
  for (const [name, value] of Object.entries(fields)) record[name.slice(1)] = value as string;
  record.compose_project = fields['_com.docker.compose.project'];
  record.compose_service = fields['_com.docker.compose.service'];
  const labels = Object.keys(record).filter((name) => name.includes('.'));
  for (const name of labels) delete record[name];
  return { ...withJson(record, said), time: new Date(Math.round(timestamp * 1000)).toISOString() };
}

/** A line of df in blocks of 1024 bytes; `df -h` rounds, and its figures are written down in the test. */
function dfLine(text: string): Keys | undefined {
  const [, device, type, total, used, free, mount] =
    /^(.+?) +(?:(ext4|nfs4) +)?(\d+) +(\d+) +(\d+) +(?:\d+%|-) +(\/.*)$/.exec(text) ?? [];
  if (total === undefined) return undefined;
  const [blocks, usedBlocks, bavail] = [total, used, free].map(Number) as [number, number, number];
  const usage = usageOf({ bsize: 1024, blocks, bfree: blocks - usedBlocks, bavail, files: 0, ffree: 0 });
  const state = usage.usedPercent >= 90 ? 'critical' : usage.usedPercent >= 80 ? 'warning' : 'ok';
  return {
    message: text,
    level: { ok: 6, warning: 4, critical: 2 }[state],
    disk_device: device,
    disk_fs_type: type,
    disk_mount: mount,
    disk_state: state,
    disk_total_bytes: usage.totalBytes,
    disk_used_bytes: usage.usedBytes,
    disk_available_bytes: usage.availableBytes,
    disk_used_percent: usage.usedPercent,
  };
}

const UNITS: Record<string, number> = { day: 86_400, hr: 3_600, min: 60, sec: 1 };

function uptimeLine(text: string): Keys | undefined {
  const [, up = '', loads = ''] = /\bup +(.*), +load averages?: +(.*)$/.exec(text) ?? [];
  if (loads === '') return undefined;
  let seconds = 0;
  for (const [, count, unit = ''] of up.matchAll(/(\d+) +(day|hr|min|sec)s?/g))
    seconds += Number(count) * (UNITS[unit] ?? 0);
  const [, hours = 0, minutes = 0] = /(\d+):(\d\d)/.exec(up) ?? [];
  const users = /(\d+) users?/.exec(up)?.[1];
  const [one, five, fifteen] = [...loads.matchAll(/\d+[.,]\d\d/g)].map(([load]) => Number(load.replace(',', '.')));
  return {
    message: text.trim(),
    level: 6,
    uptime_seconds: seconds + Number(hours) * 3_600 + Number(minutes) * 60,
    users: users === undefined ? undefined : Number(users),
    load_1m: one,
    load_5m: five,
    load_15m: fifteen,
  };
}

export interface Row {
  log_type: string;
  line: string;
  fields: Record<string, string | number>;
}

/** What Graylog adds, and what a sender of raw lines has no record of ours for. */
const GRAYLOGS_OWN = /^(?:log_type|source|time_zone|timestamp|parse_error|com_docker_.*)$/;

// What Graylog stores is trimmed of all characters up to U+0020.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ENDS = /^[\u0000-\u0020]+|[\u0000-\u0020]+$/g;

/** As Graylog stores a text. */
export function trimmed(text: string): string {
  return text.replace(ENDS, '');
}

function stored(value: string | number | undefined): string | number | undefined {
  const text = typeof value === 'string' ? trimmed(value) : value;
  return text === '' ? undefined : text;
}

/** The names of keys in which Graylog's fields differ from ours. */
function differences({ fields }: Row, keys: Keys): string[] {
  const { time, ...others } = keys;
  const theirs = Object.entries(fields).filter(([name]) => !GRAYLOGS_OWN.test(name));
  const names = new Set([...Object.keys(others), ...theirs.map(([name]) => name)]);
  const different = [...names].filter((name) => stored(others[name]) !== fields[name]);
  return time === undefined || time === fields.timestamp ? different : [...different, 'time'];
}

/** A sentence for each line of which Graylog's fields are not the keys of this package. */
export function differencesIn(rows: readonly Row[], recordedMs: number): string[] {
  return rows.flatMap((row) => {
    const keys = ours(row.log_type, row.line, recordedMs);
    const names = keys === undefined ? [] : differences(row, keys);
    const both = `ours ${JSON.stringify(keys)}, theirs ${JSON.stringify(row.fields)}`;
    return names.length === 0 ? [] : [`${names}: ${row.line}: ${both}`];
  });
}
