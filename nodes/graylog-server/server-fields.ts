import { configured, type Environment } from '../../lib/environment.ts';
import { MonitoringError } from '../../lib/errors.ts';
import { checkFieldNames, parseStaticFields, type StaticFields } from '../../lib/static-fields.ts';

const VARIABLE = 'LOGGING_FIELDS';

/**
 * The fields that every record of a server gets: those of the variable, and those of the dialog, which count where both have
 * one. What is wrong with one of the two is in `fault`; a mistake in a field must keep no record back.
 */
export function serverFields(text: unknown, environment: Environment): { fields: StaticFields; fault: unknown } {
  let fault: unknown;
  const read = (where: string, value: unknown): StaticFields => {
    try {
      return checkFieldNames(parseStaticFields(value));
    } catch (cause) {
      fault ??= new MonitoringError('STATIC_FIELDS', { where }, { cause });
      return {};
    }
  };
  const fields = { ...read(VARIABLE, environment(VARIABLE)), ...read('Fields', configured(text)) };
  return { fields, fault };
}
