import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Formats } from '../view/formats.ts';
import type { Words } from '../view/words.ts';
import type { Feed } from './feed.ts';

/** What all parts of the page use. */
export interface Ui {
  readonly feed: Feed;
  readonly words: Words;
  readonly formats: Formats;
  readonly language: string;
  /** In the editor: shows a node on the canvas. */
  readonly showNode?: ((id: string) => void) | undefined;
  /** The address of the editor; undefined where there is none, or it is the editor already. */
  readonly editorAddress?: string | undefined;
}

const UiContext = createContext<Ui | undefined>(undefined);
export const UiProvider = UiContext.Provider;

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (ui === undefined) throw new Error('outside of the page');
  return ui;
}
