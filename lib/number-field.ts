import { settingOr } from './environment.ts';

/** A number that a dialog asks for as text. Checked alike in the editor and at run time. */

export interface NumberField {
  /** What the dialog starts with, and what a flow without the property gets. */
  readonly initial: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Blank stands for "off". */
  readonly optional?: true;
  /** Only whole numbers. */
  readonly whole?: true;
}

/** The number, `undefined` where an optional field is blank, `NaN` where the value is not one the field allows. */
export function numberOf(field: NumberField, value: unknown): number | undefined {
  const text = String(settingOr(value, field.initial)).trim();
  if (text === '') return field.optional === true ? undefined : Number.NaN;
  const number = Number(text);
  const allowed = number >= field.minimum && number <= field.maximum && (!field.whole || Number.isInteger(number));
  return allowed ? number : Number.NaN;
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
