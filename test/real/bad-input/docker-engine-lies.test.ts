// Risk: what answers in the engine's place sends without end, and takes Node-RED down with it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startFakeEngine } from '../../support/fake-engine.ts';
import { LIES, tellLie } from '../../support/lying-engine.ts';

const CHILD = fileURLToPath(new URL('../../support/engine-reader-child.ts', import.meta.url));
/** Beyond what Node.js itself needs. */
const MOST_MB = 300;
const LONGEST_MS = 1_000;
/** So long a lie is listened to that has no error. */
const LISTEN_MS = 3_000;

interface Reading {
  readonly codes: string[];
  readonly aboveRestMb: number;
  readonly longestMs: number;
}

/** A few over TCP, where more is on its way at once. */
const OVER_TCP = ['status 500, endless body', 'endless list', 'endless end of a log', 'endless event'];

for (const transport of ['unix socket', 'TCP'] as const)
  for (const [name, { code }] of Object.entries(LIES)) {
    if (transport === 'TCP' && !OVER_TCP.includes(name)) continue;
    test(`${name} (${transport}): memory and event loop are bounded, it is said, and tried again`, async (t) => {
      const engine = await startFakeEngine(t);
      tellLie(engine, name);
      const host = transport === 'TCP' ? engine.url : engine.host;
      const mostMs = code === '' ? LISTEN_MS : 15_000;
      const child = await promisify(execFile)(process.execPath, [CHILD, host, code, String(mostMs)]);
      const reading: Reading = JSON.parse(child.stdout);
      t.diagnostic(`${reading.aboveRestMb.toFixed(0)} MB above rest, event loop ${reading.longestMs.toFixed(0)} ms`);
      assert.ok(reading.aboveRestMb < MOST_MB, `${reading.aboveRestMb} MB above rest`);
      assert.ok(reading.longestMs < LONGEST_MS, `the event loop stood for ${reading.longestMs} ms`);
      if (code !== '') assert.ok(reading.codes.filter((each) => each === code).length >= 2, String(reading.codes));
    });
  }
