// `npm run locales`: what the translations lack, and which English texts have changed since they were translated.
// `npm run locales -- --since <commit>` compares with the English of that commit instead.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueFaults, changedTexts, helpFaults, leaves } from './locales/compare.js';
import { root } from './prepare/clone.js';

const ORIGINAL = 'en-US';
const LANGUAGES = ['de', 'zh-CN'];

const [option, since, ...more] = process.argv.slice(2);
if (option !== undefined && (option !== '--since' || since === undefined || more.length > 0)) {
  console.error('npm run locales -- [--since <commit>]');
  process.exit(2);
}

const originals = git('ls-files', '--cached', '--others', '--exclude-standard', `*/locales/${ORIGINAL}/*`)
  .split('\n')
  .filter((path) => existsSync(join(root, path)) && path !== '');
const found = originals.flatMap((path) =>
  LANGUAGES.flatMap((language) => [...lacks(path, language), ...changes(path, language)]),
);
console.log(found.length === 0 ? 'Every translation is whole, and as new as its original.' : found.join('\n'));
process.exitCode = found.length === 0 ? 0 : 1;

function lacks(path, language) {
  const other = translated(path, language);
  if (!existsSync(join(root, other))) return [`${other} is missing`];
  const faults = path.endsWith('.json')
    ? catalogueFaults(JSON.parse(read(path)), JSON.parse(read(other)))
    : helpFaults(read(path), read(other), [path, other].map(wordsBeside));
  return faults.map((fault) => `${other}: ${fault}`);
}

/** What is new in the original since the last commit of its translation. */
function changes(path, language) {
  const other = translated(path, language);
  const base = since ?? git('log', '-1', '--format=%H', '--', other).trim();
  if (base === '' || !existsSync(join(root, other))) return [];
  if (path.endsWith('.html')) {
    const lines = git('diff', '-U0', base, '--', path).split('\n');
    return lines.filter((line) => /^(@@|[-+](?!--|\+\+))/.test(line)).map((line) => `${other}: ${line}`);
  }
  const before = git('show', `${base}:./${path}`);
  const words = leaves(JSON.parse(read(other)));
  return changedTexts(JSON.parse(before || '{}'), JSON.parse(read(path))).map(
    ({ key, was, now }) =>
      `${other}: ${key}\n  was ${quoted(was)}\n  now ${quoted(now)}\n  ${language} ${quoted(words.get(key))}`,
  );
}

function translated(path, language) {
  return path.replace(`/${ORIGINAL}/`, `/${language}/`);
}

/** The texts of the catalogue that lies beside a help text. */
function wordsBeside(help) {
  const file = help.replace(/html$/, 'json');
  return existsSync(join(root, file)) ? leaves(JSON.parse(read(file))) : new Map();
}

function quoted(text) {
  return text === undefined ? 'nothing' : JSON.stringify(text);
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

/** Empty where there is no such commit or file. */
function git(...args) {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).stdout;
}
