/** Why something that came was not handed on. */
const REASONS = [
  // What Graylog's inputs refuse, too.
  'noObject',
  'badHost',
  'noMessage',
  'badChunk',
  'chunksMissing',
  'tooLarge',
  'notUnpacked',
  'compressed',
  'foreign',
  // What a relay must not hand on.
  'loop',
  'ownContainer',
  'notAllowed',
  // What had no room.
  'full',
  'socket',
] as const;

export type Reason = (typeof REASONS)[number];

/** Those that lost a record that would have been taken. */
export const LOSSES: ReadonlySet<Reason> = new Set<Reason>(['chunksMissing', 'full', 'socket']);
