/** Rules for the logs of some containers. The first one that fits a container counts; without one, the dialog's own settings do. */

import { type ContainerIdentity, groupFields, namesOf } from '../../lib/docker/identity.ts';
import { asObject, asText } from '../../lib/docker/json.ts';
import { globMatcher } from '../../lib/glob.ts';
import { isPattern } from './pattern.ts';

export const RULE_SUBJECTS = ['container', 'service', 'image'] as const;
export const STREAMS = ['both', 'stdout', 'stderr'] as const;

export type RuleSubject = (typeof RULE_SUBJECTS)[number];
export type Streams = (typeof STREAMS)[number];

export interface LogRule {
  /** What the pattern is of; a service is one of Compose or of a Swarm. */
  readonly of: RuleSubject;
  /** `*` stands for any text. */
  readonly pattern: string;
  /** Whether the log is read at all. */
  readonly ship: boolean;
  /** Undefined: as in the dialog. */
  readonly streams?: Streams | undefined;
  readonly json?: boolean | undefined;
  /** The pattern of a first line; empty for none. */
  readonly multiline?: string | undefined;
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((known) => known === value);
}

function optional<T>(value: unknown, read: (value: unknown) => T | undefined): { value: T | undefined } | undefined {
  if (value === undefined || value === '') return { value: undefined };
  const found = read(value);
  return found === undefined ? undefined : { value: found };
}

function parseRule(value: unknown): LogRule | undefined {
  const rule = asObject(value);
  const of = oneOf(RULE_SUBJECTS, rule?.of);
  const pattern = asText(rule?.pattern)?.trim();
  const streams = optional(rule?.streams, (given) => oneOf(STREAMS, given));
  const json = optional(rule?.json, (given) => (typeof given === 'boolean' ? given : undefined));
  const multiline = optional(rule?.multiline, (given) => (isPattern(given) ? asText(given) : undefined));
  if (of === undefined || pattern === undefined || pattern === '') return undefined;
  if (streams === undefined || json === undefined || multiline === undefined) return undefined;
  return {
    of,
    pattern,
    ship: rule?.ship !== false,
    streams: streams.value,
    json: json.value,
    multiline: multiline.value,
  };
}

/** The rules in a flow; none where it is older than them. Undefined where one of them cannot be used. */
export function parseRules(value: unknown): LogRule[] | undefined {
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value)) return undefined;
  const rules = value.map(parseRule);
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function subjectsOf(container: ContainerIdentity, of: RuleSubject): string[] {
  const { image, labels } = container;
  if (of === 'container') return namesOf(container);
  if (of === 'image') return [image];
  const { compose_service: compose, swarm_service: swarm } = groupFields(labels);
  return [compose, swarm].filter((service) => service !== undefined);
}

/** Finds the rule that counts for a container. */
export function ruleFinder<R extends LogRule>(rules: readonly R[]): (container: ContainerIdentity) => R | undefined {
  const matchers = rules.map((rule) => ({ rule, fits: globMatcher([rule.pattern]) }));
  return (container) => matchers.find(({ rule, fits }) => subjectsOf(container, rule.of).some(fits))?.rule;
}
