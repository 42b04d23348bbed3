import { type NumberField, numberOf, wrongField } from '../../lib/number-field.ts';
import type { Thresholds } from './thresholds.ts';

/** The number fields of the dialog. */
export const FIELDS = {
  warning: { initial: '80', minimum: 0, maximum: 100, blank: 'off' },
  critical: { initial: '90', minimum: 0, maximum: 100, blank: 'off' },
  // A flow from before it was there has no such limit.
  fullHours: { initial: '', minimum: 0.1, maximum: 8_784, blank: 'off' },
  hysteresis: { initial: '2', minimum: 0, maximum: 100 },
  changedBy: { initial: '0', minimum: 0, maximum: 100 },
  deadline: { initial: '5', minimum: 0.1, maximum: 3600 },
} as const satisfies { [name: string]: NumberField };

export interface DiskSettings extends Thresholds {
  include: string;
  exclude: string;
  /** Percentage points by which the use must change before a record is sent by itself; 0: every time. */
  changedBy: number;
  /** How long one mount may take to answer. */
  deadlineMs: number;
  /** It is critical where nothing will be left within so many seconds; undefined: never for that. */
  fullSeconds: number | undefined;
}

/** The settings of a node, or the name of the property that has a value it cannot have. */
export function readSettings(config: object): DiskSettings | { wrong: string } {
  const wrong = wrongField(FIELDS, config);
  if (wrong !== undefined) return { wrong };
  const values = config as { [name: string]: unknown };
  const fullHours = numberOf(FIELDS.fullHours, values.fullHours);
  const number = (name: keyof typeof FIELDS): number => numberOf(FIELDS[name], values[name]) ?? 0;
  return {
    include: String(values.include ?? ''),
    exclude: String(values.exclude ?? ''),
    warning: numberOf(FIELDS.warning, values.warning),
    critical: numberOf(FIELDS.critical, values.critical),
    hysteresis: number('hysteresis'),
    changedBy: number('changedBy'),
    deadlineMs: number('deadline') * 1000,
    fullSeconds: fullHours === undefined ? undefined : fullHours * 3_600,
  };
}
