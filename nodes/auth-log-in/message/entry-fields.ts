import type { Trust } from '../journal/trust.ts';
import type { AuthFields } from './fields.ts';

/** What the journal itself knows of an entry, under the record's keys. A user cannot forge it. */
export interface EntryFields {
  /** How far what the entry says is believed. */
  trust: Trust;
  /** The session that the entry speaks of, or that its writer is in. */
  session_id?: string;
  user_name?: string;
  process_user_id?: number;
  process_executable?: string;
  /** The whole text, where it has more than one line. */
  full_message?: string;
}

/** What is left of what a message says. It keeps its text whatever it is worth. */
export function believed(fields: AuthFields, { trust, session_id, user_name }: EntryFields): AuthFields {
  const isBelieved = trust === 'full' || (trust === 'own' && fields.event_outcome === undefined);
  const left = isBelieved ? fields : { event_action: 'other' };
  const session = left.session_id ?? session_id;
  const user = left.user_name ?? user_name;
  if (session === left.session_id && user === left.user_name) return left;
  return { ...left, session_id: session, user_name: user };
}
