import type { ContainerIdentity } from '../../../lib/docker/identity.ts';
import { configured } from '../../../lib/environment.ts';
import { TimedPattern } from '../../../lib/io/pattern.ts';
import { numberOf } from '../../../lib/number-field.ts';
import { BlankCount } from '../blank-count.ts';
import type { LineOptions } from '../line/messages.ts';
import { type LogRule, parseRules, ruleFinder, STREAMS, type Streams } from '../rules.ts';
import { type LineSettings, MULTILINE_MS } from '../settings.ts';

function patternOf(source: unknown): TimedPattern | undefined {
  const text = configured(source);
  return text === undefined ? undefined : new TimedPattern(text);
}

/** What a rule says otherwise than the dialog. */
function ownOptions({ json, streams, multiline }: LogRule): Partial<LineOptions> {
  return {
    ...(json === undefined ? {} : { json }),
    ...(streams === undefined ? {} : { streams }),
    ...(multiline === undefined ? {} : { multilineStart: patternOf(multiline) }),
  };
}

/** What becomes of containers' lines, as the dialog has it. The settings are right. */
export function lineOptions(config: LineSettings) {
  const rules = (parseRules(config.rules) ?? []).map((rule) => ({ ...rule, options: ownOptions(rule) }));
  const find = ruleFinder(rules);
  const streams: Streams = STREAMS.find((known) => known === config.streams) ?? 'both';
  return {
    fromStart: config.from === 'start',
    multilineStart: patternOf(config.multiline),
    multilineMs: numberOf(MULTILINE_MS, config.multilineMs) ?? 0,
    json: config.json === true,
    streams,
    blanks: new BlankCount(),
    /** What is otherwise for the lines of one container. */
    optionsOf: (container: ContainerIdentity): Partial<LineOptions> => find(container)?.options ?? {},
    /** Whether a rule keeps the log of this container out. */
    isLeftOut: (container: ContainerIdentity): boolean => find(container)?.ship === false,
  };
}
