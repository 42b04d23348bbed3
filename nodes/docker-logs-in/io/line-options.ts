import { configured } from '../../../lib/environment.ts';
import { TimedPattern } from '../../../lib/io/pattern.ts';
import { numberOf } from '../../../lib/number-field.ts';
import { BlankCount } from '../blank-count.ts';
import { type LineSettings, MULTILINE_MS } from '../settings.ts';

/** What becomes of a container's lines, as the dialog has it. */
export function lineOptions(config: LineSettings) {
  const multiline = configured(config.multiline);
  return {
    fromStart: config.from === 'start',
    multilineStart: multiline === undefined ? undefined : new TimedPattern(multiline),
    multilineMs: numberOf(MULTILINE_MS, config.multilineMs) ?? 0,
    json: config.json === true,
    blanks: new BlankCount(),
  };
}
