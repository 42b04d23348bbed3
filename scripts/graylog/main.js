// `graylog …`: what `npm run graylog` and the package's command do.
import { readWords } from './arguments.js';
import { Graylog } from './client.js';
import { install } from './install.js';
import { Report } from './report.js';
import { status } from './status.js';
import { uninstall } from './uninstall.js';

/**
 * Runs one command. `sources` is what `graylog/` has, `fractionKeys` the fields whose numbers have fractions, `output` and
 * `errors` are streams. Resolves to the exit code: 0, or 1 where it failed or something does not work.
 */
export async function runWith(words, { env, sources, fractionKeys, output, errors }) {
  const report = new Report(output);
  try {
    const read = readWords(words, env);
    const graylog = new Graylog(read.url, env);
    const { version, isNewer } = await graylog.enter();
    report.say(`Graylog ${version} at ${graylog.address}`);
    if (isNewer) report.say('It is newer than those that this was tried with.');
    return await COMMANDS[read.command](graylog, { ...read, env, sources, fractionKeys, report });
  } catch (error) {
    report.end();
    errors.write(`${error.message}\n`);
    return 1;
  }
}

const COMMANDS = {
  async install(graylog, options) {
    const { counts, parameters } = await install(graylog, options);
    options.report.say(summary(counts, options.dryRun));
    if (parameters.WEBHOOK_URL === '')
      options.report.say('Nobody is told of events: --set WEBHOOK_URL=… names an address to post them to.');
    if (!options.dryRun) options.report.say(`Dashboards: ${graylog.address}/dashboards`);
    return 0;
  },
  async uninstall(graylog, options) {
    const { counts } = await uninstall(graylog, options);
    options.report.say(summary(counts, options.dryRun));
    if (counts.kept > 0) options.report.say('The messages are kept: --delete-data takes them away too.');
    return 0;
  },
  async status(graylog, options) {
    const { counts, faults } = await status(graylog, options);
    for (const fault of faults) options.report.say(fault);
    options.report.say(summary(counts, false));
    return faults.length === 0 && counts.other + counts.absent + counts.old === 0 ? 0 : 1;
  },
};

function summary(counts, dryRun) {
  const said = Object.entries(counts).map(([word, count]) => `${count} ${word}`);
  return `${said.join(', ')}${dryRun ? '. Nothing was done' : ''}.`;
}
