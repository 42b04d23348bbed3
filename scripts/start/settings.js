import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PROJECT = { name: 'node-red-project', description: 'A Node-RED Project', version: '0.0.1', private: true };

/**
 * Gives a new user directory Node-RED's own settings file, but for an editor that only this machine reaches and no calls
 * to the outside. Returns the flow file that Node-RED will use, the words that tell Node-RED where our nodes are, where
 * the settings say that it listens, and whether they have a log-in.
 */
export function prepareSettings(root, userDir, settingsFile) {
  mkdirSync(userDir, { recursive: true });
  const manifest = join(userDir, 'package.json');
  // Node-RED writes the same file, but later: inside the clone its settings.js would until then be read as a module.
  if (!existsSync(manifest)) writeFileSync(manifest, `${JSON.stringify(PROJECT, null, 4)}\n`);
  const file = settingsFile ?? writeSettings(root, userDir);
  const settings = readSettings(file);
  const words = [];
  // Installed there as a package already, Node-RED would find the nodes twice.
  if (!existsSync(join(userDir, 'node_modules/@infra-monitoring/node-red/package.json'))) {
    const others = [settings.nodesDir ?? []].flat();
    words.push('-D', `nodesDir=${JSON.stringify([...others, root.replace(/[/\\]$/, '')])}`);
  }
  if (settings.uiHost === undefined) words.push('-D', 'uiHost=127.0.0.1');
  return {
    flowFile: join(userDir, settings.flowFile ?? `flows_${hostname()}.json`),
    words,
    uiHost: settings.uiHost ?? '127.0.0.1',
    hasLogIn: Boolean(settings.adminAuth) || settings.httpAdminRoot === false || settings.httpRoot === false,
  };
}

function writeSettings(root, userDir) {
  const file = join(userDir, 'settings.js');
  const text = readFileSync(join(root, 'node_modules/node-red/settings.js'), 'utf8');
  writeFileSync(
    file,
    text
      .replace(/^(\s*)\/\/uiHost: .*$/m, '$1uiHost: "127.0.0.1",')
      .replace(/^(\s*)telemetry: \{$/m, '$1telemetry: {\n$1    enabled: false,\n$1    updateNotification: false,')
      .replace(/^(\s*)\/\/ ?tours: .*$/m, '$1tours: false,'),
  );
  return file;
}

function readSettings(file) {
  try {
    return createRequire(import.meta.url)(file);
  } catch {
    // Node-RED reports what is wrong with it, in its own words.
    return {};
  }
}
