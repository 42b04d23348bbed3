import type { Translate } from '../../../lib/status.ts';
import type { Announcement } from '../say/announcement.ts';
import { fillTemplate, Sentences, type Snapshot } from '../say/sentence.ts';
import { readSettings } from '../settings.ts';

/** The text of an alert, filled in by example while it is typed. */

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names between double braces. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/**
 * What would be told at the beginning of an alert with these values, by the code that tells it. Settings that cannot be used yet
 * give the bare text. `translate` is that of the node's words.
 */
export function exampleOf(settings: { readonly text: string }, snapshot: Snapshot, translate: Translate): string {
  try {
    const sentences = new Sentences(readSettings(settings, 'UTC'), translate);
    const key = { id: '', text: String(snapshot.alert_key ?? '') };
    return sentences.line({ kind: 'firing', key, atMs: 0 } as Announcement, snapshot, {
      since: '',
      read: undefined,
      seen: undefined,
    });
  } catch {
    return fillTemplate(settings.text, snapshot, (name) => name);
  }
}
