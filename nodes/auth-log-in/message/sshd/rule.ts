import type { FieldSet } from '../field-set.ts';
import type { AuthFields } from '../fields.ts';

/** Reads a message without its level and without `[preauth]`, which `isPreauth` stands for. `into` is that of a `Rule`. */
export type SshdRule = (text: string, isPreauth: boolean, into: FieldSet) => AuthFields | undefined;

/** The first word of messages, and the rule for them. */
export type SshdRules = readonly (readonly [firstWord: string, rule: SshdRule])[];
