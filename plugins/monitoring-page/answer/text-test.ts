import { recordOf } from '../../../lib/gelf-record.ts';
import { masked } from './mask.ts';
import { searchedText } from './searched-text.ts';

/** Whether the record of a document holds a text, as far as a reader may see it. */
export function textTest(text: string, withNames: boolean): (document: string) => boolean {
  const wanted = text.toLowerCase();
  const written = JSON.stringify(wanted).slice(1, -1);
  return (document) => {
    // Most documents do not hold it, and need not be read.
    if (!document.toLowerCase().includes(written)) return false;
    const record = recordOf(document);
    return searchedText(withNames ? record : masked(record)).includes(wanted);
  };
}
