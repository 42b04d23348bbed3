// What is looked at before and after, since Graylog answers 200 to much that does not work.
import { inParallel } from './in-parallel.js';
import { readInputs } from './kinds/inputs.js';
import { rule } from './kinds/parsing.js';
import { PACK_ID } from './pack.js';
import { MARK } from './sources.js';

/** Messages whose processing failed may wait for the index for so long. */
const RECENT_SECONDS = 600;

/**
 * Throws where the content pack is installed: its things are others than these, by the same titles. Only who may install
 * is answered.
 */
export async function checkNoPack(graylog) {
  const { installations } = await graylog.get(`/system/content_packs/${PACK_ID}/installations`);
  if (installations.length > 0)
    throw new Error(
      'The content pack is installed here: this would make everything a second time. Uninstall it first (System, Content Packs)',
    );
}

/** Throws where another input of Graylog has a port that is wanted. `wanted`: the bodies of our inputs. */
export async function checkPorts(graylog, wanted) {
  const ours = new Set(wanted.map(({ title }) => title));
  const others = (await readInputs(graylog)).filter(({ key }) => !ours.has(key));
  for (const { title, type, configuration } of wanted) {
    const other = others.find(
      ({ body }) => body.configuration.port === configuration.port && isUdp(body.type) === isUdp(type),
    );
    if (other !== undefined)
      throw new Error(
        `Port ${configuration.port} for "${title}" is taken by the input "${other.key}": give another one`,
      );
  }
}

const isUdp = (type) => /udp/i.test(type);

/** Throws where Graylog does not understand a rule, with its file, line and reason. */
export async function checkRules(graylog, rules) {
  await inParallel(rules, async ({ path, title, source }) => {
    try {
      await graylog.post('/system/pipelines/rule/parse', { title, description: '', source });
    } catch (error) {
      if (error.status !== 400) throw error;
      throw new Error(refusedRule(path, error.body), { cause: error });
    }
  });
}

function refusedRule(path, body) {
  const first = Array.isArray(body) ? body[0] : body;
  const line = first?.line === undefined ? '' : `:${first.line}:${(first.position_in_line ?? 0) + 1}`;
  return `Graylog refuses the rule ${path}${line}: ${first?.reason ?? first?.message ?? JSON.stringify(body)}`;
}

/** Throws where one of our rules stands there as broken, or failed on a message of the last minutes. */
export async function checkProcessing(graylog) {
  const rules = await graylog.get('/system/pipelines/rule');
  const broken = rules.find(({ title, errors }) => title.startsWith(MARK) && (errors?.length ?? 0) > 0);
  if (broken !== undefined) throw new Error(`The ${rule.name} "${broken.title}" is broken: ${broken.errors[0].reason}`);
  const failed = await failedMessages(graylog);
  if (failed.length > 0) throw new Error(`A rule failed on a message: ${failed[0]}`);
}

/** What our rules failed on in the last minutes, in Graylog's words. */
export async function failedMessages(graylog) {
  const query = encodeURIComponent(`gl2_processing_error:"${MARK.trim()}"`);
  const { messages } = await graylog.get(
    `/search/universal/relative?query=${query}&range=${RECENT_SECONDS}&limit=5&fields=gl2_processing_error`,
  );
  return messages.map(({ message }) => String(message.gl2_processing_error)).filter((text) => text.includes(MARK));
}
