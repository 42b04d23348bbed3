#!/usr/bin/env node
import { USAGE } from './graylog/arguments.js';
// The command of the installed package: `npx @infra-monitoring/node-red graylog install URL`.
import { command } from './graylog/command.js';

const [first, ...words] = process.argv.slice(2);
if (first === 'graylog') process.exitCode = await command(words);
else {
  console.error(USAGE);
  process.exitCode = 1;
}
