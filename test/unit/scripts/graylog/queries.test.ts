// Each widget and each event definition asks for something that there is: in records of the default flow, or in what a real Graylog
// made of the lines of others.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { queryOf, type Stored } from '../../../support/graylog-query.ts';
import { sources, type WidgetSource } from '../../../support/graylog-sources.ts';
import { packageRoot } from '../../../support/node-red.ts';

const rowsOf = <T>(path: string): T[] =>
  readFileSync(join(packageRoot, 'test/fixtures/graylog', path), 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row) as T);

const records = rowsOf<Stored>('records.ndjson').map(
  ({ host = '', short_message: message = '', ...fields }): Stored => ({
    ...{ source: host, message },
    ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.replace(/^_/, ''), value])),
  }),
);
const foreign = rowsOf<{ fields?: Stored }>('6.3.12/rules.jsonl').map(({ fields = {} }) => fields);
const documents: readonly Stored[] = [...records, ...foreign];

function documentsOf(stream: string | undefined): readonly Stored[] {
  const logType = sources.streams.find(({ name }) => name === stream)?.log_type;
  return stream === undefined ? documents : documents.filter(({ log_type }) => log_type === logType);
}

const fieldsIn = (values: { readonly [name: string]: string }): string[] =>
  Object.values(values).flatMap((text) => /\((\w+)/.exec(text)?.[1] ?? []);

/** Every value that is asked for is there, and a field that is counted or summed. */
function check({ stream, query = '', values = {} }: Pick<WidgetSource, 'stream' | 'query' | 'values'>): void {
  const there = documentsOf(stream);
  assert.doesNotThrow(() => queryOf(query));
  for (const [, field = '', value = ''] of query.matchAll(/(?<![\w:])(?<!NOT )(\w+):(\w+|\([\w ]+\))/g)) {
    for (const one of value.replace(/[()]/g, '').split(' OR '))
      assert.ok(there.some(queryOf(`${field}:${one}`)), `there is no ${field}:${one}`);
  }
  const fields = fieldsIn(values);
  assert.ok(
    fields.length === 0 || fields.some((field) => there.some((one) => one[field] !== undefined)),
    fields.join(),
  );
}

/** What Graylog itself found is neither a record nor a line: a real one shows it, see `test/real/graylog`. */
const isOfGraylog = ({ show, stream }: WidgetSource): boolean => show === 'events' || stream === 'graylog-events';

for (const { name, pages } of sources.dashboards) {
  for (const widget of pages.flatMap(({ widgets }) => widgets).filter((one) => !isOfGraylog(one))) {
    test(`${name}, ${widget.title}: there is something to show`, () => check(widget));
  }
}

for (const one of sources.eventDefinitions) {
  test(`${one.title}: there is something that it rings for`, () => check(one as never));
}

for (const [query, document, isFound] of [
  ['', {}, true],
  ['a:x AND NOT _exists_:b', { a: 'x' }, true],
  ['a:x AND NOT _exists_:b', { a: 'x', b: 1 }, false],
  ['a:(x OR y)', { a: 'y' }, true],
  ['a:(x OR y)', { a: 'z' }, false],
  ['a:z OR b:<=3', { b: 3 }, true],
  ['(a:z OR (a:x AND NOT b:(0 OR 1))) AND NOT c:1', { a: 'x', b: 2 }, true],
  ['(a:z OR (a:x AND NOT b:(0 OR 1))) AND NOT c:1', { a: 'x', b: 1 }, false],
] as const) {
  test(`the query "${query}" ${isFound ? 'finds' : 'does not find'} ${JSON.stringify(document)}`, () => {
    assert.equal(queryOf(query)(document as Stored), isFound);
  });
}
