// Risk: kill -9 of Node-RED while containers write.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import { missingForDocker, startEngine } from '../../support/docker.ts';
import { assertNothingLost, more, rateOf, startWriters, writersFlow, written } from '../../support/docker-writers.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForDocker();
const present = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 240_000 };

test('docker-logs-in loses nothing when Node-RED is killed', present, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const file = join(userDir, 'records');
  const end = [
    { id: 'j', z: 'f', type: 'json', property: 'payload', action: 'str', wires: [['w']] },
    { id: 'w', z: 'f', type: 'file', filename: file, filenameType: 'str', appendNewline: true, overwriteFile: 'false' },
  ];
  const flow = [...writersFlow(engine.host, { type: 'change', rules: [], wires: [['j']] }), ...end];
  const heard = (): InfraRecord[] => {
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // Not yet there.
    }
    const lines = text.split('\n').filter((line) => line.endsWith('}'));
    return lines.map((line) => JSON.parse(line) as InfraRecord);
  };
  let red = await startNodeRed(t, { userDir, flow });
  await until(() => {
    try {
      return readFileSync(join(userDir, 'infra-monitoring/docker-logs-l.json'), 'utf8') !== '';
    } catch {
      return false;
    }
  });
  const names = await startWriters(engine);
  for (let turn = 0; turn < 2; turn += 1) {
    await more(heard, 1000);
    await red.kill();
    red = await startNodeRed(t, { userDir });
  }
  await more(heard);
  const expected = await written(engine, names);
  await assertNothingLost(heard, expected);
  t.diagnostic(rateOf(expected));
});
