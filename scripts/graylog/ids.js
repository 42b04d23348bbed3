// Ids that are the same on every Graylog and for ever, so that links to dashboards can be written down.
import { createHash } from 'node:crypto';

/** What the ids of all of ours begin with. */
const OWN = '1f7a0000';

const digits = (text) => createHash('sha256').update(text).digest('hex');

/** 24 hexadecimal digits, as Graylog's database has them. */
export function fixedId(kind, name) {
  return `${OWN}${digits(`${kind} ${name}`).slice(0, 16)}`;
}

/** Whether `fixedId` made it. */
export function isFixedId(id) {
  return id.startsWith(OWN);
}

/** An id in the form of a UUID, the same for the same text. */
export function fixedUuid(text) {
  const hex = digits(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
