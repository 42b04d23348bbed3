/**
 * Settings that come from a node's dialog or, where that is blank, from an environment variable. Node-RED replaces
 * `${VAR}` only where it is the whole value and the variable is set. A placeholder that is left counts as not set.
 */

import { MonitoringError } from './errors.ts';

const PLACEHOLDER = /^\$\{[^}]+\}$/;

/** Looks up a variable as Node-RED does: in the node's group and flow, then in the process. */
export type Environment = (name: string) => string | undefined;

/** The configured text, trimmed, or undefined where it is blank or a placeholder that Node-RED left in place. */
export function configured(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' || PLACEHOLDER.test(text) ? undefined : text;
}

/**
 * The value as the dialog has it; `initial` where the flow is older than the property, or where a placeholder is left.
 * A blank stays blank: it may mean "off".
 */
export function settingOr(value: unknown, initial: string): unknown {
  const unset = value === undefined || value === null || (typeof value === 'string' && PLACEHOLDER.test(value.trim()));
  return unset ? initial : value;
}

/** The configured text, else the variable's value, else undefined. */
export function setting(value: unknown, environment: Environment, variable: string): string | undefined {
  return configured(value) ?? configured(environment(variable));
}

/** Where the host's `/` is mounted: `HOST_ROOT` where Node-RED runs in a container, else `/`. */
export function hostRootOf(environment: Environment): string {
  return setting(undefined, environment, 'HOST_ROOT') ?? '/';
}

/** The folder in which Node-RED keeps its files; `settings` is `RED.settings`. */
export function userDirOf(settings: { userDir?: string | undefined }): string {
  return settings.userDir ?? '.';
}

interface SettingLookup {
  getSetting(node: object, name: string): unknown;
}

/** The environment as one node sees it. `util` is `RED.util`. */
export function environmentOf(util: object, node: object): Environment {
  return (name) => {
    const value = (util as SettingLookup).getSetting(node, name);
    return value === undefined || value === null ? undefined : String(value);
  };
}

/**
 * A value of a dialog that is not deployed yet: Node-RED has not replaced its `${VAR}`. Of the environment only the
 * variables in `names` are read: who may press a Test button may not ask for all of them. Throws `VARIABLE_NOT_READ`.
 */
export function dialogValue(value: unknown, environment: Environment, names: readonly string[]): string | undefined {
  const name = /^\$\{([^}]+)\}$/.exec(String(value ?? '').trim())?.[1];
  if (name === undefined) return configured(value);
  if (!names.includes(name)) throw new MonitoringError('VARIABLE_NOT_READ', { name: name.slice(0, 50) });
  return configured(environment(name));
}
