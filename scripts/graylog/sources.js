// Reads `graylog/`: what is installed, one file a thing.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/** What all of ours is called by that has no fixed id. */
export const MARK = 'infra-monitoring: ';

const FOLDERS = {
  inputs: '.json',
  streams: '.json',
  dashboards: '.json',
  'event-definitions': '.json',
  patterns: '.grok',
  rules: '.rule',
  pipelines: '.pipeline',
};

/** The sources in a folder `graylog/`. Throws where a file is none of its kind, with its name. */
export function readSources(folder) {
  const files = Object.fromEntries(
    Object.entries(FOLDERS).map(([kind, ending]) => [kind, filesBelow(join(folder, kind), ending)]),
  );
  const json = (kind) => files[kind].map(({ name, path, text }) => ({ name, ...parsed(path, text) }));
  const one = (path) => parsed(path, readFileSync(join(folder, path), 'utf8'));
  return {
    parameters: one('parameters.json'),
    indexSet: one('index-set.json'),
    notification: one('notification.json'),
    inputs: json('inputs'),
    streams: json('streams'),
    dashboards: json('dashboards'),
    eventDefinitions: json('event-definitions'),
    patterns: inOrder(files.patterns.flatMap(({ path, text }) => patternsIn(path, text))),
    rules: files.rules.map(({ path, text }) => ({ path, title: titleIn('rule', path, text), source: text })),
    pipelines: files.pipelines.map(({ path, text }) => ({
      path,
      title: titleIn('pipeline', path, text),
      source: text,
    })),
  };
}

/** A hash of all that is installed: a recording of another one is old. 64 hexadecimal digits. */
export function hashOf(sources) {
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex');
}

function filesBelow(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => extname(file) === ending)
    .sort()
    .map((file) => {
      const path = join(folder, file);
      return { path: join(basename(folder), file), name: basename(file, ending), text: readFileSync(path, 'utf8') };
    });
}

function parsed(path, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: ${error.message}`, { cause: error });
  }
}

/** `NAME pattern`, one a line; empty lines and those that begin with # are for people. */
function patternsIn(path, text) {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), at: `${path}:${index + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, at }) => {
      const [, name, pattern] = /^(\w+) +(.+)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`${at}: this is no "NAME pattern"`);
      return { name, pattern };
    });
}

/** Graylog refuses a pattern that names one which is not there yet. */
function inOrder(patterns) {
  const byName = new Map(patterns.map((one) => [one.name, one]));
  const ordered = new Set();
  const add = (one) => {
    if (ordered.has(one)) return;
    for (const [, name] of one.pattern.matchAll(/%\{(\w+)/g)) {
      if (name !== one.name && byName.has(name)) add(byName.get(name));
    }
    ordered.add(one);
  };
  for (const one of patterns) add(one);
  return [...ordered];
}

function titleIn(word, path, text) {
  const [, title] = new RegExp(`^\\s*${word}\\s+"([^"]+)"`, 'm').exec(text) ?? [];
  if (!title?.startsWith(MARK)) throw new Error(`${path}: its title does not begin with "${MARK}"`);
  return title;
}
