import { configured, type Environment, setting } from '../../lib/environment.ts';
import type { Start } from '../../lib/file/start.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { isZone } from './message/time-zone.ts';

/** What the dialog sets, checked alike in the editor and at run time. A property that is missing has its default. */

const STARTS: readonly Start[] = ['checkpoint', 'beginning', 'end'];

export interface AuthLogProperties {
  /** A path, `journal`, or empty for `AUTH_LOG` and then the first that exists. */
  file: string;
  start: string;
  archive: string;
  zone: string;
  include: string;
  exclude: string;
  onlyFailures: boolean;
  onlySsh: boolean;
  rawLine: boolean;
}

export interface Settings {
  /** Undefined: the first that exists. */
  file: string | undefined;
  start: Start;
  /** A folder into which rotation moves files, besides those that logrotate's configuration names. */
  archive: string | undefined;
  zone: string;
  rawLine: boolean;
  isWanted(record: InfraRecord): boolean;
}

/** A relative path would mean something else in every working directory. */
export function isFile(value: unknown): boolean {
  const file = configured(value);
  return file === undefined || file === 'journal' || file.startsWith('/');
}

/** A relative path would mean something else in every working directory. */
export function isFolder(value: unknown): boolean {
  return configured(value)?.startsWith('/') !== false;
}

export function isStart(value: unknown): value is Start | undefined {
  return value === undefined || value === '' || STARTS.some((start) => start === value);
}

export function isZoneName(value: unknown): boolean {
  return isZone(configured(value) ?? '');
}

/** Names of programs, separated by commas or blanks. */
function programs(value: unknown): Set<string> {
  return new Set((configured(value) ?? '').split(/[\s,]+/).filter((name) => name !== ''));
}

/** The settings, or the name and value of the property that cannot be used. */
export function readSettings(
  properties: Partial<AuthLogProperties>,
  environment: Environment,
): Settings | { property: string; value: string } {
  const file = setting(properties.file, environment, 'AUTH_LOG');
  if (!isFile(file)) return { property: 'file', value: String(file) };
  if (!isStart(properties.start)) return { property: 'start', value: String(properties.start) };
  if (!isFolder(properties.archive)) return { property: 'archive', value: String(properties.archive) };
  if (!isZoneName(properties.zone)) return { property: 'zone', value: String(properties.zone) };
  return {
    file,
    start: properties.start || 'checkpoint',
    archive: configured(properties.archive),
    zone: configured(properties.zone) ?? '',
    rawLine: properties.rawLine === true,
    isWanted: filter(properties),
  };
}

function filter(properties: Partial<AuthLogProperties>): Settings['isWanted'] {
  const include = programs(properties.include);
  const exclude = programs(properties.exclude);
  const { onlyFailures, onlySsh } = properties;
  if (onlyFailures !== true && onlySsh !== true && include.size === 0 && exclude.size === 0) return () => true;
  return ({ application_name: name, event_outcome, event_action }) => {
    if (onlyFailures === true && event_outcome !== 'failure') return false;
    if (onlySsh === true && !isSsh(name, event_action)) return false;
    if (include.size > 0 && !include.has(String(name))) return false;
    return exclude.size === 0 || !exclude.has(String(name));
  };
}

function isSsh(name: unknown, action: unknown): boolean {
  return (
    (typeof name === 'string' && name.startsWith('sshd')) || (typeof action === 'string' && action.startsWith('ssh_'))
  );
}
