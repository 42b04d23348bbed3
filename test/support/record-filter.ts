import { Filter } from '../../nodes/record-filter/filter.ts';
import { compileRows } from '../../nodes/record-filter/io/compile-rows.ts';
import { type FilterConfig, type FilterSettings, readSettings } from '../../nodes/record-filter/settings.ts';

export function settingsOf(config: FilterConfig): FilterSettings {
  const settings = readSettings(config);
  if ('wrong' in settings) throw new Error(`wrong: ${settings.wrong}`);
  return settings;
}

export function filterOf(config: FilterConfig): Filter {
  const settings = settingsOf(config);
  return new Filter(settings, compileRows(settings.rules));
}
