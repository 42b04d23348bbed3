import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** What bcrypt takes of a password; it would drop the rest without a word. */
const MAX_BYTES = 72;
const ROUNDS = 8;

export const NO_PASSWORD = (host) =>
  [
    `Node-RED would listen on ${host} without a password: whoever reaches it could run programs on this host.`,
    'Set MONITORING_PASSWORD, or MONITORING_PASSWORD_FILE to the name of a file that holds it, or listen on 127.0.0.1.',
  ].join('\n');

/**
 * The value of a secret variable, or what is in the file that `<name>_FILE` names; undefined where neither is set. Throws where
 * both are, or the file has none.
 */
export function secretOf(environment, name) {
  const value = environment[name]?.trim();
  const file = environment[`${name}_FILE`]?.trim();
  if (value && file) throw new Error(`${name} and ${name}_FILE are both set: leave one of them out`);
  if (value) return value;
  if (!file) return undefined;
  let text;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${name}_FILE names a file that cannot be read: ${error.message}`);
  }
  if (text === '') throw new Error(`${name}_FILE names a file that is empty`);
  return text;
}

/** Throws where bcrypt would take a part of the password only. */
export function checkPassword(password) {
  if (Buffer.byteLength(password) > MAX_BYTES) throw new Error(`MONITORING_PASSWORD has more than ${MAX_BYTES} bytes`);
  return password;
}

/** The only user of the editor. */
export function passwordUser(bcrypt, password) {
  return { username: 'admin', password: bcrypt.hashSync(checkPassword(password), ROUNDS), permissions: '*' };
}

/** Asks for a password on the terminal, without showing it. Resolves to undefined where none is given. */
export function askPassword(host) {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stdout.write(`Node-RED will listen on ${host}. A password for the user "admin" of its editor: `);
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line.trim() || undefined);
      lines.close();
    });
    lines.once('close', () => {
      process.stdout.write('\n');
      resolve(undefined);
    });
  });
}
