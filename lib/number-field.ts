import { settingOr } from './environment.ts';

/** A number that a dialog asks for as text. Checked alike in the editor and at run time. */

export interface NumberField {
  /** What the dialog starts with, and what a flow without the property gets. */
  readonly initial: string;
  readonly minimum: number;
  readonly maximum: number;
  /** What blank stands for: "off", or `initial`. Without it blank is not allowed. */
  readonly blank?: 'off' | 'initial';
  /** 0 is allowed although it is less than the minimum. */
  readonly orZero?: true;
  /** Only whole numbers. */
  readonly whole?: true;
}

/** The number, `undefined` where the field is off, `NaN` where the value is not one the field allows. */
export function numberOf(field: NumberField, value: unknown): number | undefined {
  const text = String(settingOr(value, field.initial)).trim();
  if (text === '' && field.blank === 'off') return undefined;
  const number = text === '' ? blankNumber(field) : Number(text);
  const isInRange = (number >= field.minimum && number <= field.maximum) || (field.orZero === true && number === 0);
  return isInRange && (!field.whole || Number.isInteger(number)) ? number : Number.NaN;
}

function blankNumber({ blank, initial }: NumberField): number {
  return blank === 'initial' ? Number(initial) : Number.NaN;
}

/** The interval of a node that polls, in seconds: 0 is only on input, the longest is one day. */
export const INTERVAL = {
  initial: '60',
  minimum: 1,
  maximum: 86_400,
  orZero: true,
} as const satisfies NumberField;

/** The interval of a dialog in ms, `NaN` where the value is not one that `INTERVAL` allows. */
export function intervalMs(value: unknown): number {
  return (numberOf(INTERVAL, value) ?? Number.NaN) * 1000;
}

export function isAllowed(field: NumberField, value: unknown): boolean {
  return !Number.isNaN(numberOf(field, value));
}

/** The first of `fields` whose value in `config` is not allowed. */
export function wrongField<T extends { readonly [name: string]: NumberField }>(
  fields: T,
  config: object,
): string | undefined {
  return Object.entries(fields).find(([name, field]) => !isAllowed(field, Reflect.get(config, name)))?.[0];
}
