import { sourceOf } from '../address.ts';
import { addSource, FieldSet } from '../field-set.ts';
import { type AuthFields, type EventReason, word } from '../fields.ts';
import { plainName } from '../tag.ts';
import { parseModuleText } from './modules.ts';

/**
 * Messages of PAM modules, `MODULE(SERVICE:TYPE): TEXT`. Any program can log them. Without the service:
 * `pam_krb5[123]: TEXT`, `pam_unix: TEXT`, `(pam_unix) TEXT`.
 */

/** Services that switch the user. They open a session for the new user. */
const SWITCHING = new Set(['su', 'su-l', 'sudo', 'sudo-i', 'runuser', 'runuser-l', 'polkit-1', 'pkexec', 'doas']);
const CRON = new Set(['cron', 'crond', 'CRON', 'atd', 'crontab']);
const PREAUTH = ' [preauth]';
/** Functions of PAM, of which programs tell that they failed. */
const CALLS =
  /^pam_(?:authenticate|acct_mgmt|chauthtok|setcred|start|end|(?:open|close)_session|(?:sm|get|set)_\w+|putenv|strerror)$/;
/** Longer names of a module or a service are none. */
const MAX_NAME = 100;

/** Reads the message of a PAM module. Undefined where it is none. `program` stands for a service that is not told. */
export function parsePamMessage(message: string, program = ''): AuthFields | undefined {
  if (message.startsWith('pam_')) return parseNamed(message, program);
  if (message.startsWith('(pam_')) {
    const close = message.indexOf(') ');
    return close === -1 || close > MAX_NAME
      ? undefined
      : moduleText(message, close + 2, message.slice(1, close), '', program);
  }
  if (message.startsWith('PAM ')) return parseRepeated(message.slice(4), plainName(program));
  if (message.startsWith('gkr-pam: ')) return undefined;
  return isFailure(message) ? parsePamText(message, plainName(program)) : undefined;
}

function parseNamed(message: string, program: string): AuthFields | undefined {
  const end = message.indexOf(': ');
  if (end === -1 || end > 2 * MAX_NAME) return undefined;
  if (message.charCodeAt(end - 1) !== 41) {
    // `pam_krb5[123]: …`, `pam_unix: …`; but `pam_sm_authenticate: …` and `pam_open_session(): …` are no modules.
    const name = word(message, 0).replace(/(?:\[\d+\])?:$/, '');
    return /^pam_[a-z\d_]+$/.test(name) && !CALLS.test(name)
      ? moduleText(message, end + 2, name, '', program)
      : undefined;
  }
  const open = message.indexOf('(');
  const colon = message.indexOf(':', open);
  const service = message.slice(open + 1, colon < end ? colon : end - 1);
  return moduleText(message, end + 2, message.slice(0, open), service, program);
}

function moduleText(message: string, from: number, module: string, service: string, program: string): AuthFields {
  const text = message.endsWith(PREAUTH) ? message.slice(from, -PREAUTH.length) : message.slice(from);
  const said = parsePamText(text, service === '' ? plainName(program) : service, module);
  const fields = said === undefined ? new FieldSet('other') : FieldSet.of(said);
  fields.pam_module = module;
  if (service !== '') fields.pam_service = service;
  return fields;
}

/** Reads what a PAM module says after its name, for a service (`sshd`, `sudo`, `cron`, …). */
export function parsePamText(text: string, service: string, module = ''): AuthFields | undefined {
  if (text.startsWith('session opened for user ')) return sessionOpened(text, service);
  if (text.startsWith('session closed for user ')) return sessionClosed(text, service);
  if (isFailure(text)) return authenticationFailed(text, service, module);
  if (text.startsWith('authentication success; ')) {
    const fields = authenticationFailed(text, service, '');
    fields.event_action = 'pam_auth_success';
    fields.event_outcome = 'success';
    fields.event_reason = undefined;
    return fields;
  }
  return parseModuleText(text, module) ?? parseRepeated(text, service);
}

function isFailure(text: string): boolean {
  return text.startsWith('authentication failure; logname=');
}

/** `session opened for user NAME(uid=N) by NAME(uid=N)`. Older modules write no uid after the first name. */
function sessionOpened(text: string, service: string): AuthFields {
  const by = text.lastIndexOf(' by ');
  const user = withoutId(text.slice(24, by === -1 ? undefined : by));
  const fields = new FieldSet(CRON.has(service) ? 'cron_session' : 'session_opened', 'success');
  fields.user_name = user;
  if (!SWITCHING.has(service)) return fields;
  fields.user_name = by === -1 ? undefined : withoutId(text.slice(by + 4));
  fields.target_user_name = user;
  return fields;
}

function sessionClosed(text: string, service: string): AuthFields {
  const user = withoutId(text.slice(24));
  const isCron = CRON.has(service);
  const fields = isCron ? new FieldSet('cron_session', 'success') : new FieldSet('session_closed');
  if (SWITCHING.has(service)) fields.target_user_name = user;
  else fields.user_name = user;
  return fields;
}

function withoutId(name: string): string {
  const open = name.lastIndexOf('(uid=');
  return open === -1 ? name : name.slice(0, open);
}

const HOST = ' rhost=';

/**
 * `…; logname=L uid=N euid=N tty=T ruser=R rhost=H  user=U`. A client can choose R, but of sshd, where it is empty: there the
 * first host is the true one. pam_unix writes U for accounts only: there it is the last. Else none is certain of two.
 */
function authenticationFailed(text: string, service: string, module: string): AuthFields {
  const first = text.indexOf(HOST);
  const isUnix = module === 'pam_unix';
  const isSshd = service === 'sshd';
  const host = isUnix && !isSshd ? text.lastIndexOf(HOST) : first;
  const isCertain = isUnix || isSshd || text.indexOf(HOST, first + 1) === -1;
  const userAt = host === -1 ? -1 : text.indexOf(' user=', host);
  const user = userAt === -1 ? undefined : text.slice(userAt + 6);
  const actorAt = text.indexOf(' ruser=');
  const actor = actorAt === -1 || actorAt > host ? undefined : text.slice(actorAt + 7, host);
  const source = host === -1 ? '' : text.slice(host + HOST.length, userAt === -1 ? undefined : userAt).trim();
  const fields = new FieldSet('pam_auth_failure', 'failure', isUnix ? reasonOf(user) : undefined);
  fields.tty = ttyOf(text, actorAt);
  if (!isCertain) return fields;
  addSource(fields, sourceOf(source));
  // su asks for the password of the new user, sudo for that of the user who calls it, unless it is told otherwise.
  const isOther = actor !== undefined && actor !== '' && actor !== user;
  if (SWITCHING.has(service) && (isOther || !asksCaller(service))) {
    fields.user_name = actor;
    fields.target_user_name = user;
  } else fields.user_name = user ?? actor;
  return fields;
}

function asksCaller(service: string): boolean {
  return service.startsWith('sudo') || service === 'doas';
}

/** pam_unix leaves the name out where there is no such account. */
function reasonOf(user: string | undefined): EventReason {
  return user === undefined || user === '' ? 'invalid_user' : 'wrong_password';
}

function ttyOf(text: string, end: number): string | undefined {
  const at = text.indexOf(' tty=');
  if (at === -1 || at > end) return undefined;
  const tty = text.slice(at + 5, end);
  return tty === 'ssh' || tty === 'NODEVssh' || tty.includes(' ') ? undefined : tty;
}

const REPEATED = /^(\d{1,6}) more authentication failures?; /;

/** `2 more authentication failures; logname=…`, `service(sshd) ignoring max retries; 6 > 3`. */
function parseRepeated(text: string, service: string): AuthFields | undefined {
  const count = REPEATED.exec(text)?.[1];
  // Without a module's name it is pam_unix: sshd writes it so, and no other module has the words.
  if (count !== undefined) {
    const fields = authenticationFailed(text, service, 'pam_unix');
    fields.repeat_count = Number(count);
    return fields;
  }
  if (!/^service\([^()]{0,64}\) ignoring max retries; /.test(text)) return undefined;
  return { event_action: 'pam_auth_failure', event_outcome: 'failure', event_reason: 'too_many_failures' };
}
