import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Lines as a foreign sender ships them, and what this package's own parsers make of the same lines. */

export interface RawLine {
  logType: string;
  /** By which input of the pack it comes. */
  input: 'auth' | 'docker_event' | 'docker_log' | 'other';
  text: string;
  /** The GELF document in which it is sent. */
  document: Record<string, string | number>;
}

const FIXTURES = new URL('../fixtures/', import.meta.url);
const SENDER = { version: '1.1', host: 'foreign1' };

function read(path: string): string {
  return readFileSync(new URL(path, FIXTURES), 'utf8');
}

function line(logType: string, input: RawLine['input'], text: string): RawLine {
  const document: RawLine['document'] = { ...SENDER, short_message: text };
  // At its own input a line does not have to say what it is.
  if (input === 'other') document._log_type = logType;
  return { logType, input, text, document };
}

function* authTexts(): Iterable<string> {
  for (const name of readdirSync(new URL('auth-log-in/', FIXTURES)).sort()) {
    const log = `auth-log-in/${name}/input.log`;
    if (existsSync(new URL(log, FIXTURES))) yield* read(log).split('\n');
    const journal = `auth-log-in/${name}/input.export`;
    if (existsSync(new URL(journal, FIXTURES))) yield* journalTexts(read(journal));
  }
}

/** The entries of a journal, as `-o export` prints them and as `-o json` does. A text of several lines is not text there. */
function* journalTexts(text: string): Iterable<string> {
  for (const entry of text.split('\n\n')) {
    if (!/^MESSAGE=/m.test(entry)) continue;
    yield entry.trim();
    yield JSON.stringify(Object.fromEntries(journalFields(entry.trim())));
  }
}

/** The fields of an entry as either of them prints it; empty where the text is no entry of a journal. */
export function journalFields(text: string): Map<string, string> {
  if (text.startsWith('{"__')) return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  if (!/^__CURSOR=/.test(text)) return new Map();
  const pairs = text.split('\n').map((row): [string, string] => {
    const at = row.indexOf('=');
    return [row.slice(0, at), row.slice(at + 1)];
  });
  return new Map(pairs);
}

/** The raw lines of all fixtures, each once. */
export function rawLines(): RawLine[] {
  const auth = [...new Set(authTexts())].filter((text) => text.trim() !== '').map((text) => line('auth', 'auth', text));
  const rows = (name: string): string[] => read(`graylog/raw/${name}`).trimEnd().split('\n');
  const driver = rows('docker_driver.ndjson').map((text): RawLine => {
    return { logType: 'docker_log', input: 'other', text, document: JSON.parse(text) };
  });
  return [
    ...auth,
    ...rows('disk.log').map((text) => line('disk', 'other', text)),
    ...rows('uptime.log').map((text) => line('uptime', 'other', text)),
    ...rows('docker_event.log').map((text) => line('docker_event', 'docker_event', text)),
    ...rows('docker_log.log').map((text) => line('docker_log', 'docker_log', text)),
    ...driver,
  ];
}
