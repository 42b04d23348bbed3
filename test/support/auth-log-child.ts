import { writeSync } from 'node:fs';
import { StateFile } from '../../lib/io/state-file.ts';
import { parseCheckpoint } from '../../nodes/auth-log-in/checkpoint.ts';
import { Source } from '../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../nodes/auth-log-in/settings.ts';

/**
 * The reader of a log as a process of its own, to be killed: `node auth-log-child.ts FILE USER_DIR`. Each record is a
 * line of JSON on stdout, written before its position can be; so are the states.
 */
const [, , file = '', userDir = ''] = process.argv;
const settings = readSettings({ file }, () => undefined);
if (!('isWanted' in settings)) throw new Error(`cannot read ${file}`);

const say = (value: object): void => {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
};
const source = new Source({
  settings,
  host: 'h',
  hostRoot: '/',
  state: new StateFile(userDir, 'child', parseCheckpoint),
  delayMs: () => 900,
  holdMs: 10_000,
  perTurn: () => 32,
  onRecords: (records) => {
    for (const { message, event_id } of records) say({ text: message, id: event_id });
  },
  onStatus: (state) => say({ state }),
  onWarning: (key) => say({ warning: key }),
});
process.on('SIGTERM', () => void source.stop().then(() => process.exit(0)));
