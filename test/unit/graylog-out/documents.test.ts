import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Destination, Documents } from '../../../nodes/graylog-out/documents.ts';

function setUp() {
  const shipped: { texts: string[]; port: number | undefined }[] = [];
  const kept: { texts: string[]; logType: unknown; container: unknown }[] = [];
  const documents = new Documents<string>(
    {
      begin: () => undefined,
      write: (text, memory, at) =>
        text === 'strange' || at + text.length > memory.length ? -1 : at + memory.write(text, at),
    },
    {
      shipAll: (bytes, count, port) => shipped.push({ texts: bytes.toString().split('\0', count), port }),
    },
    {
      keep: (bytes, logType, _stream, container, lengths = []) => {
        const texts = bytes.toString().split('\0', lengths.length);
        assert.deepEqual(
          texts.map((text) => Buffer.byteLength(text)),
          lengths,
        );
        kept.push({ texts, logType, container });
      },
    },
    () => undefined,
  );
  return { documents, shipped, kept };
}

const to: Destination = { port: undefined, logType: 'auth', stream: undefined, container: undefined };

test('documents that go the same way go together, to the server and into the ring', () => {
  const { documents, shipped, kept } = setUp();
  for (const text of ['one', 'two, née Δ', 'three']) assert.equal(documents.add(text, { ...to }), true);
  documents.flush();
  documents.flush();
  const texts = ['one', 'two, née Δ', 'three'];
  assert.deepEqual(shipped, [{ texts, port: undefined }]);
  assert.deepEqual(kept, [{ texts, logType: 'auth', container: undefined }]);
});

test('another port or another source begins a new batch, and the order stays', () => {
  const { documents, shipped, kept } = setUp();
  documents.add('one', to);
  documents.add('two', { ...to, port: 9096 });
  documents.add('three', { ...to, container: 'web' });
  documents.flush();
  assert.deepEqual(shipped, [
    { texts: ['one'], port: undefined },
    { texts: ['two'], port: 9096 },
    { texts: ['three'], port: undefined },
  ]);
  assert.deepEqual(
    kept.map(({ container }) => container),
    [undefined, undefined, 'web'],
  );
});

test('what cannot be written here is left to others, and a batch is never larger than a frame', () => {
  const { documents, shipped } = setUp();
  assert.equal(documents.add('strange', to), false);
  for (let n = 0; n < 14; n += 1) documents.add('x'.repeat(20_000), to);
  documents.flush();
  assert.deepEqual(
    shipped.map(({ texts }) => texts.length),
    [6, 6, 2],
  );
});
