import type { StateAnswer } from '../answer/state.ts';

/** How it stands with the server. */
export type Contact = 'connecting' | 'live' | 'lost' | 'login' | 'refused' | 'full';

/** Who reads, and what they may. */
export interface Who {
  readonly name: string | null;
  readonly isAnonymous: boolean;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  readonly withNames: boolean;
  readonly hasEditor: boolean;
}

/** What the routes of records answer. */
export interface RecordsAnswer {
  readonly nowMs: number;
  readonly cursor: string;
  readonly build: string;
  readonly records: readonly unknown[];
  readonly sinceMs?: number;
  readonly isNew?: boolean;
  readonly missed?: number;
}

export type State = StateAnswer & { readonly cursor: string };
