import { type Source, sourceOf } from './address.ts';
import { type AuthFields, type Rule, reasonOfPamError, word } from './fields.ts';

/** login of util-linux, of shadow, of busybox and of BSD. The name that somebody typed is last, but for the reason. */
export const login: Rule = (message, into) => {
  const first = message.charCodeAt(0);
  if (first === 39) return loggedIn(message);
  return first >= 48 && first <= 57 ? counted(message) : RULES.get(word(message, 0))?.(message, into);
};

function failed(fields: Partial<AuthFields>): AuthFields {
  return { event_action: 'login_failed', event_outcome: 'failure', ...fields };
}

function succeeded(fields: Partial<AuthFields>): AuthFields {
  return { event_action: 'login', event_outcome: 'success', ...fields };
}

/** A terminal can stand where else a host does, and `(null)` where there is none. */
function place(text: string): Source | Pick<AuthFields, 'tty'> {
  if (/^(?:\/dev\/|tty|pts\/|console$)/.test(text)) return { tty: text };
  return sourceOf(text);
}

/** `FAILED LOGIN (1) on '/dev/tty1' from 'HOST' FOR 'root', REASON`, `FAILED LOGIN 1 FROM HOST FOR root, REASON`. */
const FAILED =
  /^(?:FAILED LOGIN(?: SESSION)?|TOO MANY LOGIN TRIES)(?: \(?\d+\)?)?(?: +on '([^']*)')?(?: +(?:from|FROM) '?([^\s']*)'?)? (?:FOR|for) (.*)$/i;

function failedLogin(message: string): AuthFields | undefined {
  const [all, tty, host = '', who = ''] = FAILED.exec(message) ?? [];
  if (all === undefined) return /^(?:FAILED LOGIN|TOO MANY LOGIN TRIES)/.test(message) ? failed({}) : undefined;
  const quoted = who.startsWith("'") || who.startsWith('`');
  const comma = quoted ? who.lastIndexOf("',") + 1 : who.lastIndexOf(', ');
  const name = comma > 0 ? who.slice(0, comma) : who;
  const user = quoted ? name.replace(/^[`']|'$/g, '') : name;
  const isUnknown = user === 'UNKNOWN' || user === '(unknown)';
  const isTooMany = message.startsWith('TOO MANY');
  const reason = reasonOfPamError(comma > 0 ? who.slice(comma) : '') ?? (isTooMany ? 'too_many_failures' : undefined);
  return failed({
    event_reason: reason ?? (isUnknown ? 'invalid_user' : undefined),
    user_name: isUnknown ? undefined : user,
    ...place(host),
    ...(tty === undefined ? {} : { tty }),
  });
}

/** `ROOT LOGIN ON tty1 FROM HOST`, `LOGIN ON tty1 BY alice FROM HOST`, `DIALUP AT ttyS0 BY alice`. */
function linux(message: string): AuthFields | undefined {
  const [, what, tty, name, host] =
    /^(ROOT LOGIN ON|LOGIN ON|DIALUP AT) (\S+)(?: BY (\S+))?(?: FROM (\S+))?$/.exec(message) ?? [];
  if (what !== undefined) {
    return succeeded({ user_name: what.startsWith('ROOT') ? 'root' : name, ...sourceOf(host ?? ''), tty });
  }
  return shadowRoot(message) ?? refusedLogin(message);
}

/** shadow's place at the end: `on '/dev/pts/1' from 'HOST'`, and without a host ` on '/dev/tty1'`. */
const AT = /^ on '([^']*)'(?: from '([^']*)')?$/;

function at(message: string): Source & Pick<AuthFields, 'tty'> {
  const [, tty, host = ''] = AT.exec(message.slice(placeOf(message))) ?? [];
  return { tty, ...sourceOf(host) };
}

/** The index of the place, or of the end where none is told. A name before it can look like one. */
function placeOf(message: string): number {
  const last = message.lastIndexOf(" on '");
  return last === -1 ? message.length : last;
}

/** The name between `before`, which ends with a quote, and the place. */
function nameBefore(message: string, before: string): string | undefined {
  if (!message.startsWith(before)) return undefined;
  const said = message.slice(before.length, placeOf(message)).trimEnd();
  return said.endsWith("'") ? said.slice(0, -1) : undefined;
}

function shadowRoot(message: string): AuthFields | undefined {
  return /^ROOT LOGIN +on '/.test(message) ? succeeded({ user_name: 'root', ...at(message) }) : undefined;
}

function refusedLogin(message: string): AuthFields | undefined {
  const name = /^LOGIN '(.*)' REFUSED +on '/.exec(message)?.[1];
  if (name !== undefined) return failed({ event_reason: 'not_allowed', user_name: name, ...at(message) });
  const [, user, host, tty] = /^LOGIN (\S+) REFUSED(?: FROM (\S+))?(?: ON (?:TTY )?(\S+))?$/.exec(message) ?? [];
  if (user === undefined) return undefined;
  return failed({ event_reason: 'not_allowed', user_name: user, ...sourceOf(host ?? ''), tty });
}

/** shadow: `'alice' logged in on '/dev/pts/1' from 'HOST'`. The name is an account's. */
function loggedIn(message: string): AuthFields | undefined {
  const name = /^'(.*)' logged in +on '/.exec(message)?.[1];
  return name === undefined ? undefined : succeeded({ user_name: name, ...at(message) });
}

function invalid(message: string): AuthFields | undefined {
  const name = nameBefore(message, "invalid password for '");
  if (name !== undefined) return failed({ event_reason: 'wrong_password', user_name: name, ...at(message) });
  const late = nameBefore(message, "invalid login time for '");
  return late === undefined ? undefined : failed({ event_reason: 'restricted_time', user_name: late, ...at(message) });
}

/** BSD: `login on ttyv0 as alice`, `login from HOST on ttyp0 as alice`; busybox: `root login on 'ttyS0'`. */
function bsd(message: string): AuthFields | undefined {
  const [, host = '', tty, name] = /^login (?:from (\S+) )?on (\S+) as (.*)$/.exec(message) ?? [];
  return tty === undefined ? undefined : succeeded({ user_name: name, ...sourceOf(host), tty });
}

function root(message: string): AuthFields | undefined {
  return message.startsWith('root login ') ? succeeded({ user_name: 'root', ...at(message) }) : undefined;
}

/** BSD: `2 LOGIN FAILURES ON ttyv0[, alice]`, `3 LOGIN FAILURES FROM HOST[, alice]`. */
function counted(message: string): AuthFields | undefined {
  const [, where, which = '', name] = /^\d+ LOGIN FAILURES? (ON|FROM) ([^\s,]+)(?:, (.*))?$/.exec(message) ?? [];
  if (where === undefined) return undefined;
  return failed({ user_name: name, ...(where === 'ON' ? { tty: which } : sourceOf(which)) });
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['FAILED', failedLogin],
  ['TOO', failedLogin],
  ['ROOT', linux],
  ['LOGIN', linux],
  ['DIALUP', linux],
  ['invalid', invalid],
  ['login', bsd],
  ['root', root],
  ['unknown', (text) => unknownUser(text)],
  [
    'ILLEGAL',
    (text) =>
      text.startsWith('ILLEGAL ROOT LOGIN')
        ? failed({ event_reason: 'not_allowed', user_name: 'root', ...at(text) })
        : undefined,
  ],
  [
    'REPEATED',
    (text) =>
      text.startsWith('REPEATED login failures')
        ? failed({ event_reason: 'too_many_failures', ...at(text) })
        : undefined,
  ],
  ['exceeded', (text) => exceeded(text)],
  [
    'Invalid',
    (text) => (text.startsWith('Invalid user name "') ? failed({ event_reason: 'invalid_user' }) : undefined),
  ],
]);

function unknownUser(text: string): AuthFields | undefined {
  const name = nameBefore(text, "unknown user '");
  return name === undefined ? undefined : failed({ event_reason: 'invalid_user', user_name: name });
}

function exceeded(text: string): AuthFields | undefined {
  const name = nameBefore(text, "exceeded failure limit for '");
  return name === undefined ? undefined : failed({ event_reason: 'too_many_failures', user_name: name, ...at(text) });
}

/** nologin, the shell of accounts that nobody may log in to: `Attempted login by NAME (UID: N) on TTY`. */
export const nologin: Rule = (message) => {
  const [, name, tty] = /^Attempted login by (\S+) \(UID: \d+\) on (\S+)/.exec(message) ?? [];
  return name === undefined ? undefined : failed({ event_reason: 'not_allowed', user_name: name, tty });
};
