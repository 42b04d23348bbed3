import de from '../locales/de/monitoring-page.json' with { type: 'json' };
import en from '../locales/en-US/monitoring-page.json' with { type: 'json' };
import zh from '../locales/zh-CN/monitoring-page.json' with { type: 'json' };
import { type Catalogue, chooseLanguage, type Words, wordsOf } from '../view/words.ts';

const CATALOGUES = { 'en-US': en, de, 'zh-CN': zh } as const;
const LANGUAGES = ['en-US', 'de', 'zh-CN'] as const;

/** The words for a reader who wants one of these languages, and the one that figures and times are written in. */
export function wordsFor(wanted: readonly string[]): { readonly words: Words; readonly language: string } {
  const name = chooseLanguage(wanted, LANGUAGES, 'en-US');
  const catalogue = (one: keyof typeof CATALOGUES): Catalogue => CATALOGUES[one]['monitoring-page'] as Catalogue;
  const main = name.split('-')[0];
  const language = wanted.find((one) => one.toLowerCase().split('-')[0] === main) ?? name;
  return { words: wordsOf(catalogue(name), catalogue('en-US')), language };
}
