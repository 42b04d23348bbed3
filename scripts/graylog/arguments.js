// The words after `graylog`.

const COMMANDS = {
  install: ['--dry-run', '--set'],
  uninstall: ['--dry-run', '--delete-data'],
  status: ['--set'],
};

export const USAGE = `Usage: npm run graylog -- COMMAND URL [options]

  install URL      make or renew inputs, streams, rules, dashboards and event definitions in the Graylog at URL
  uninstall URL    take them away again; messages stay
  status URL       say what of them is there, and whether it works

  --dry-run            say what would be done, and do nothing
  --set NAME=VALUE     a setting: PORT_DOCKER_EVENTS, PORT_DOCKER_LOGS, PORT_AUTH_LOG, PORT_GELF_TCP, PORT_GELF_UDP,
                       PORT_GELF_HTTP, BIND_ADDRESS, TIME_ZONE, WEBHOOK_URL
  --delete-data        with uninstall: the index set goes too, with all messages in it

Who you are comes from the environment: GRAYLOG_TOKEN, or GRAYLOG_USER and GRAYLOG_PASSWORD. It needs an administrator.
URL may come from GRAYLOG_URL.`;

/** `{ command, url, given, dryRun, deleteData }`. Throws with the reason where the words are not to be understood. */
export function readWords(words, env) {
  const [command, ...rest] = words;
  const allowed = COMMANDS[command];
  if (allowed === undefined) throw new Error(command === undefined ? USAGE : `There is no "${command}".\n\n${USAGE}`);
  const read = { command, url: undefined, given: {}, dryRun: false, deleteData: false };
  for (let i = 0; i < rest.length; i += 1) {
    const [option, inline] = rest[i].startsWith('--') ? rest[i].split(/=(.*)/s) : [undefined, rest[i]];
    if (option !== undefined && !allowed.includes(option))
      throw new Error(`"${command}" has no ${option}.\n\n${USAGE}`);
    if (option === undefined) read.url = oneAddress(read.url, inline);
    else if (option === '--dry-run') read.dryRun = true;
    else if (option === '--delete-data') read.deleteData = true;
    else Object.assign(read.given, setting(inline ?? rest[++i] ?? ''));
  }
  read.url ??= env.GRAYLOG_URL?.trim() || undefined;
  if (read.url === undefined) throw new Error(`Where is Graylog? Its address is missing.\n\n${USAGE}`);
  return read;
}

function oneAddress(before, text) {
  if (before !== undefined) throw new Error(`One address at a time: ${before} and ${text} are two`);
  return text;
}

function setting(text) {
  const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new Error(`--set "${text}": NAME=VALUE is meant`);
  return { [name]: value };
}
