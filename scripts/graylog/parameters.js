// The settings of an installation: what is given, else what is installed, else what the sources say.
import { isIP } from 'node:net';
import { MARK } from './sources.js';
import { zoneIn } from './time-zone.js';

const MAX_PORT = 65_535;
const CHECKS = {
  port: (text) => (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PORT ? undefined : 'is no port'),
  address: (text) => (isIP(text) === 0 ? 'is no IP address' : undefined),
  zone: (text) => (isZone(text) ? undefined : 'is no time zone: Europe/Berlin or UTC is meant'),
  url: (text) => (text === '' || isWebAddress(text) ? undefined : 'is no address: http:// or https:// is meant'),
};

/**
 * The value of each parameter. `given`: by name, from the command line; `found`: what an installation has. Throws where one
 * is not known or not to be used.
 */
export function settle(parameters, given, found) {
  const unknown = Object.keys(given).find((name) => !parameters.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Error(`There is no ${unknown}: ${parameters.map(({ name }) => name).join(', ')} can be set`);
  const values = parameters.map(({ name, kind, default: preset }) => {
    const text = String(given[name] ?? found[name] ?? preset).trim();
    const fault = CHECKS[kind](text);
    if (fault !== undefined) throw new Error(`${name}: "${text}" ${fault}`);
    return [name, kind === 'port' ? Number(text) : text];
  });
  return Object.fromEntries(values);
}

/** What an installation was made with, as far as it can be seen. `present`: the inputs, rules and notifications that are there. */
export function foundParameters(sources, present) {
  const found = {};
  for (const { title, port, transports } of sources.inputs) {
    const titles = transports.map((transport) => `${MARK}${title} (${transport})`);
    const one = present.inputs.find(({ key }) => titles.includes(key));
    if (one === undefined) continue;
    found[port] = one.body.configuration.port;
    found.BIND_ADDRESS = one.body.configuration.bind_address;
  }
  const zone = zoneIn(present.rules);
  if (zone !== undefined) found.TIME_ZONE = zone;
  const webhook = present.notifications.find(({ key }) => key === `${MARK}${sources.notification.title}`);
  if (webhook?.body.config.url) found.WEBHOOK_URL = webhook.body.config.url;
  return found;
}

function isZone(text) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function isWebAddress(text) {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
