import { ALERT_SEVERITIES, isTest, textOf } from '../alert.ts';
import { cut } from './clean.ts';
import { EMOJI, type Entry, isEnd, type Speech, type Tone } from './entry.ts';

const MOST_HOST = 120;

/** One message to people, as text without markup. */
export interface Message {
  /** On one line: what changed. */
  readonly title: string;
  /** Of a message with one alert the title is its own. */
  readonly entries: readonly Entry[];
  /** The line that tells how many more there are, and what else is to be said; empty where there is nothing. */
  readonly more: string;
  readonly tone: Tone;
  /** No sound. */
  readonly isQuiet: boolean;
  /** Without any markup of the service: the last try. */
  readonly isPlain: boolean;
}

/** From when to when nobody could be told, in ms since the epoch. */
export interface Away {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A message of these entries, and of `more` that have no room in it. */
export function messageOf(entries: readonly Entry[], more: number, speech: Speech, away?: Away): Message {
  const { translate, note = '', isPlain = false } = speech;
  const count = more === 0 ? '' : translate('text.more', { count: more });
  return {
    title: titleOf(entries, more, speech, away),
    entries,
    more: [count, note].filter((part) => part !== '').join('. '),
    tone: toneOf(entries),
    isQuiet: entries.every(({ isQuiet }) => isQuiet),
    isPlain,
  };
}

/** The worst that fires, of those with a sound first. */
function toneOf(entries: readonly Entry[]): Tone {
  const loud = entries.filter(({ isQuiet }) => !isQuiet);
  const tones = (loud.length > 0 ? loud : entries).map(({ tone }) => tone);
  return ALERT_SEVERITIES.find((severity) => tones.includes(severity)) ?? 'resolved';
}

function titleOf(entries: readonly Entry[], more: number, { translate, moment }: Speech, away?: Away): string {
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && more === 0 && away === undefined) return first.title;
  const isTrial = entries.some(({ line }) => isTest(line.alert));
  const over = entries.filter(({ line }) => isEnd(line)).length;
  const hosts = new Set(
    entries.map(({ line }) => cut(textOf(line.alert.record, 'host'), MOST_HOST)).filter((host) => host !== ''),
  );
  const counts = [
    ...(entries.length > over ? [translate('text.firingCount', { count: entries.length - over })] : []),
    ...(over > 0 ? [translate('text.overCount', { count: over })] : []),
    ...(more > 0 ? [translate('text.moreCount', { count: more })] : []),
  ].join(', ');
  const [host = ''] = hosts.size === 1 ? hosts : [''];
  const what = host === '' ? counts : `${host}: ${counts}`;
  const emoji = EMOJI[toneOf(entries)];
  const test = isTrial ? `${translate('text.test')} ` : '';
  if (away === undefined) return `${test}${emoji} ${what}`;
  const span = { from: moment(away.fromMs, away.toMs), to: moment(away.toMs, away.fromMs) };
  return `${test}${emoji} ${translate('text.digest', { ...span, what })}`;
}

/** The parts of a message, each a title and a text; the first is the message's own. */
export function partsOf({ title, entries, more }: Message): { title: string; text: string }[] {
  const [first] = entries;
  const isOne = first !== undefined && entries.length === 1 && first.title === title;
  const parts = isOne
    ? [{ title, text: first.text }]
    : [{ title, text: '' }, ...entries.map((entry) => ({ title: entry.title, text: entry.text }))];
  return more === '' ? parts : [...parts, { title: more, text: '' }];
}

/** A message as lines of plain text. */
export function plainText(message: Message): string {
  return partsOf(message)
    .map(({ title, text }) => [title, text].filter((part) => part !== '').join('\n'))
    .join('\n');
}
