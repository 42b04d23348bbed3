// Deploys a flow file on the Node-RED of this host: `roll-out.js [--take-over] [--url URL] [--userDir FOLDER] flow.json`. It runs with the
// environment of that Node-RED, and says in one line what became of it.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { secretOf } from './password.js';
import { Admin } from './roll-out/admin.js';
import { rollOut } from './roll-out/roll-out.js';

const { MONITORED_HOST, PORT = '1880', STATE_DIRECTORY = '/var/lib/infra-monitoring' } = process.env;
const host = MONITORED_HOST?.trim() || hostname();

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'take-over': { type: 'boolean', default: false },
      url: { type: 'string', default: `http://127.0.0.1:${PORT}` },
      userDir: { type: 'string', default: STATE_DIRECTORY },
    },
  });
  const [file] = positionals;
  if (file === undefined) throw new Error('which flow? roll-out.js flow.json');
  const admin = new Admin(values.url);
  await admin.logIn(secretOf(process.env, 'MONITORING_PASSWORD'));
  // What reloads a service can give it no words: a file of this name says the same, once.
  const word = join(values.userDir, 'take-over');
  const options = { takeOver: values['take-over'] || existsSync(word) };
  console.log(`${host}: ${await rollOut(admin, readFileSync(file, 'utf8'), values.userDir, process.env, options)}`);
  rmSync(word, { force: true });
} catch (error) {
  console.error(`${host}: not rolled out: ${error.message}`);
  process.exitCode = 1;
}
