import { readFileSync, statSync } from 'node:fs';
import { configured, type Environment, setting } from '../environment.ts';
import { MonitoringError } from '../errors.ts';

const MAX_BYTES = 65_536;

/**
 * The configured text, else the variable's value, else the content of the file that `<variable>_FILE` names, as container
 * platforms hand over secrets. Throws `SECRET_FILE`, which names the file and nothing of its content, and `SECRET_TWICE` where
 * variable and file are both set and count: whoever rotates the one would wonder why the other is used.
 */
export function secretSetting(value: unknown, environment: Environment, variable: string): string | undefined {
  const file = `${variable}_FILE`;
  const path = configured(environment(file));
  const direct = setting(value, environment, variable);
  // In a flow, Node-RED has put the variable in the place of its name.
  if (direct !== undefined && path !== undefined && direct === configured(environment(variable)))
    throw new MonitoringError('SECRET_TWICE', { variable, file });
  if (direct !== undefined) return direct;
  return path === undefined ? undefined : readSecret(path, variable);
}

function readSecret(path: string, variable: string): string {
  try {
    const file = statSync(path);
    if (!file.isFile() || file.size > MAX_BYTES)
      throw new MonitoringError('NOT_REGULAR_FILE', { code: 'EINVAL', path });
    const text = configured(readFileSync(path, 'utf8'));
    if (text === undefined) throw new MonitoringError('EMPTY_FILE');
    return text;
  } catch (cause) {
    throw new MonitoringError('SECRET_FILE', { variable: `${variable}_FILE` }, { cause });
  }
}
