/** The tag of a line of syslog: the program that wrote it, with the number of its process. */
export interface Tag {
  /** The program's name without its path. */
  program: string;
  processId: number | undefined;
  /** The index in the line at which the message begins. */
  messageAt: number;
}

/** Longer words are no tags. */
const MAX_TAG = 160;
const COLON = 58;

/** The index after the blanks and tabs at `at`. */
export function skipBlanks(line: string, at: number): number {
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at++;
  return at;
}

/** The index of the blank that ends the word at `from`, or of the line's end. */
export function wordEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space === -1 ? line.length : space;
}

/** The index of the blank or tab that ends the word at `from`, or of the line's end. */
export function wordOrTabEnd(line: string, from: number): number {
  const end = wordEnd(line, from);
  const tab = line.slice(from, Math.min(end, from + MAX_TAG)).indexOf('\t');
  return tab === -1 ? end : from + tab;
}

/** The name without its folders. */
export function baseName(program: string): string {
  const slash = program.lastIndexOf('/');
  return slash === -1 || slash === program.length - 1 ? program : program.slice(slash + 1);
}

/** The program's name without additions: `sshd` of `sshd(pam_unix)`, `gdm-password` of `gdm-password]`. */
export function plainName(program: string): string {
  const open = program.indexOf('(');
  if (open > 0) return program.slice(0, open);
  return program.endsWith(']') ? program.slice(0, -1) : program;
}

/** The whole number between the two indexes; undefined where there is something else. */
export function wholeNumber(text: string, from: number, end: number): number | undefined {
  if (end <= from || end - from > 10) return undefined;
  let value = 0;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return undefined;
    value = value * 10 + code - 48;
  }
  return value;
}

/** Solaris writes the message's number, facility and level before it: `[ID 800047 auth.info] `. */
export function skipSolarisId(line: string, at: number): number {
  if (line.charCodeAt(at) !== 91 || !line.startsWith('[ID ', at)) return at;
  const close = line.indexOf('] ', at);
  return close === -1 || close > at + 40 ? at : close + 2;
}

/** The tag `PROGRAM[PID]` or `PROGRAM` between the two indexes. A colon behind it is skipped. */
function tagBetween(line: string, from: number, end: number): Tag {
  let programEnd = end;
  let processId: number | undefined;
  if (line.charCodeAt(end - 1) === 93) {
    const open = line.lastIndexOf('[', end);
    if (open > from) {
      processId = wholeNumber(line, open + 1, end - 1);
      programEnd = open;
    }
  }
  let messageAt = line.charCodeAt(end) === COLON ? end + 1 : end;
  messageAt = skipBlanks(line, messageAt);
  return {
    program: baseName(line.slice(from, programEnd)),
    processId,
    messageAt: skipSolarisId(line, messageAt),
  };
}

const WITH_NUMBER = /^[^\s:[\]<>{}"',;=]{1,100}(?:\]|\([\w-]{1,40}\))?\[\d{1,10}\](?=:|$)/;
const IN_BRACKETS = /^\[([\w.-]{1,64})(?:\[\d{1,10}\])?\]:?$/;
const WITH_COLON = /^[A-Za-z][^\s:[\]<>{}"',;=]{0,100}:$/;

/** Whether a word can be nothing but a tag: a name with a process's number, or with a colon and no other. */
export function isTag(word: string): boolean {
  return word.length <= MAX_TAG && (WITH_COLON.test(word) || WITH_NUMBER.test(word));
}

/** Whether it is a tag with the number of a process. */
export function hasNumber(word: string): boolean {
  return word.length <= MAX_TAG && WITH_NUMBER.test(word);
}

/**
 * The tag that is the word at `from`: `sshd[123]:`, `sshd[123]`, `sshd:`, `sshd` alone; and
 * `[sshd]` of a program that `isKnown`.
 */
export function tagAt(line: string, from: number, isKnown: (program: string) => boolean): Tag | undefined {
  const end = wordOrTabEnd(line, from);
  if (end === from || end - from > MAX_TAG) return undefined;
  const word = line.slice(from, end);
  const numbered = WITH_NUMBER.exec(word)?.[0];
  if (numbered !== undefined) return tagBetween(line, from, from + numbered.length);
  if (WITH_COLON.test(word)) return tagBetween(line, from, end - 1);
  const inBrackets = IN_BRACKETS.exec(word)?.[1];
  if (inBrackets !== undefined && isKnown(inBrackets)) {
    return {
      program: inBrackets,
      processId: undefined,
      messageAt: skipBlanks(line, end),
    };
  }
  return BARE.has(word) ? tagBetween(line, from, end) : undefined;
}

/** Programs of which the name alone is a tag: the names of the others are words of a language too. */
const BARE: ReadonlySet<string> = new Set([
  'sshd',
  'sshd-session',
  'sshd-auth',
  'dropbear',
  'sudo',
  'systemd-logind',
  'syslogd',
]);
