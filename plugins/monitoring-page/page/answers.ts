import type { StateAnswer } from '../answer/state.ts';
import type { Who as Reading } from '../rights.ts';

/** How it stands with the server. */
export type Contact = 'connecting' | 'live' | 'lost' | 'login' | 'refused' | 'full';

/** Who reads, what they may, and whether there is an editor to log in. */
export interface Who extends Reading {
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
  /** Whether there is nothing older. */
  readonly isEnd?: boolean;
}

export type State = StateAnswer & { readonly cursor: string };
