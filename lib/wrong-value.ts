import type { Arguments, Translate } from './status.ts';
import { visible } from './visible.ts';

const MOST_CHARACTERS = 200;

/**
 * What a status says of a property that has a value it cannot have: the label of its field, the value, and what is allowed,
 * by the catalogue of the node: `label.<field>` and `allowed.<field>`.
 */
export function wrongValue(translate: Translate, type: string, field: string, config: object): Arguments {
  const value: unknown = Reflect.get(config, field);
  return {
    field,
    label: translate(`${type}.label.${field}`),
    allowed: translate(`${type}.allowed.${field}`),
    value: visible(String(value ?? '').slice(0, MOST_CHARACTERS)),
  };
}
