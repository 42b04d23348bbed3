import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brokenRules } from '../../support/gelf-rules.ts';

/** The receiver of these tests has the rules of a real Graylog: what it made of documents at the edge is recorded. */

const RECORDINGS = new URL('../../fixtures/graylog/', import.meta.url);

interface Row {
  document: string;
  /** Null where nothing is stored of it. */
  stored: Record<string, unknown> | null;
}

// Graylog trims all texts of what is up to U+0020, and leaves out those that are empty then.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ENDS = /^[\u0000-\u0020]+|[\u0000-\u0020]+$/g;
const NAMES: Record<string, string> = { host: 'source', short_message: 'message' };

/** Whether each field is stored under its name and with its value. */
function isAsMeant({ document, stored }: Row): boolean {
  if (stored === null) return false;
  const { version: _, timestamp, ...fields } = JSON.parse(document);
  if (new Date(Math.round(timestamp * 1_000)).toISOString() !== stored.timestamp) return false;
  return Object.entries(fields).every(([name, value]) => {
    const meant = typeof value === 'string' ? value.replace(ENDS, '') : value;
    return stored[NAMES[name] ?? name.replace(/^_/, '')] === (meant === '' ? undefined : meant);
  });
}

/** What GELF asks for and Graylog lets pass: our own documents keep to it. */
const STRICTER =
  /^(?:version is not|level is not 0 to 7|timestamp is not a number|host is not|plain: an additional field|_id: a forbidden)/;

for (const version of readdirSync(RECORDINGS).filter((name) => /^\d/.test(name))) {
  const file = new URL(`${version}/documents.jsonl`, RECORDINGS);
  if (!existsSync(file)) continue;
  const [, ...rows] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row) as Row);

  test(`what the receiver takes, Graylog ${version} stores as it was meant`, () => {
    const taken = rows.filter(({ document }) => brokenRules(document).length === 0);
    assert.ok(taken.length > 30);
    for (const row of taken) assert.ok(isAsMeant(row), JSON.stringify(row));
  });

  test(`what the receiver refuses, Graylog ${version} refuses or stores as something else`, () => {
    const refused = rows.filter(({ document }) => brokenRules(document).some((rule) => !STRICTER.test(rule)));
    assert.ok(refused.length > 40);
    for (const row of refused) assert.ok(!isAsMeant(row), `${brokenRules(row.document)}: ${JSON.stringify(row)}`);
  });
}
